/* test_vault: backups come back as they were, also those of a store in use. */
#include "testing.h"

#include "base/disk.h"
#include "store/damaged.h"
#include "store/vault.h"

static void what_comes_back_is_what_was(void **state)
{
	struct store_rocksdb_options options = { .bytes_free = 1 };
	char folder[64], vault[80], back[80], path[300];
	struct vault_backup made, *list;
	struct store *store;
	struct err err = { 0 };
	size_t n;

	damaged_make(folder);
	snprintf(vault, sizeof(vault), "%s-vault", folder);
	snprintf(back, sizeof(back), "%s-back", folder);
	assert_int_equal(vault_list(vault, &list, &n, &err), ERR_NOT_FOUND);
	if (vault_add(folder, vault, 0, &made, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(made.id, 1);
	options.path = folder;
	assert_int_equal(store_rocksdb_open(&options, &store, NULL), 0);
	assert_int_equal(conformance_put(store, "p2", 5, 5), 0);
	if (vault_add(folder, vault, 0, &made, &err) < 0)
		fail_msg("%s", err.text);
	store_close(store);
	assert_int_equal(made.id, 2);
	assert_int_equal(vault_list(vault, &list, &n, NULL), 0);
	assert_int_equal(n, 2);
	free(list);
	assert_int_equal(vault_restore(vault, 1, back, &made, NULL), 0);
	assert_int_equal(damaged_count(back), DAMAGED_PROFILES);
	assert_int_equal(vault_restore(vault, 0, back, &made, &err), ERR_USAGE);
	folder_remove(back);
	assert_int_equal(vault_restore(vault, 0, back, &made, NULL), 0);
	assert_int_equal(damaged_count(back), DAMAGED_PROFILES + 1);
	folder_remove(back);
	snprintf(path, sizeof(path), "%s/VERSION", vault);
	assert_int_equal(disk_write(path, VIEW("flyover backup 4\nflyover store 1\n"), NULL), 0);
	assert_int_equal(vault_restore(vault, 0, back, &made, &err), ERR_UNSUPPORTED);
	assert_int_equal(access(back, F_OK), -1);
	folder_remove(vault);
	folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(what_comes_back_is_what_was) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
