/* test_kernel_types: the kernel's types come from the cache as they went into it, or anew. */
#include "testing.h"

#include <bpf/btf.h>
#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/disk.h"
#include "sampler/bpf_skeleton.h"
#include "sampler/kernel_types.h"

static char folder[] = "/tmp/flyover-test-XXXXXX";

static struct view program(void)
{
	struct view bytes;

	bytes.at = sample_bpf__elf_bytes(&bytes.len);
	return bytes;
}

static struct symcache *open_cache(void)
{
	struct symcache *cache;

	if (access("/sys/kernel/btf/vmlinux", R_OK) != 0) {
		print_message("skipped: this kernel has no BTF\n");
		skip();
	}
	assert_int_equal(symcache_open(folder, 0, &cache, NULL), 0);
	return cache;
}

static void take(struct symcache *cache, struct buf *ret)
{
	struct err err = { 0 };
	struct stat st;
	char *room;
	int fd = kernel_types_open(cache, program(), &err);

	if (fd < 0)
		fail_msg("%s", err.text);
	assert_int_equal(fstat(fd, &st), 0);
	room = buf_reserve(ret, (size_t)st.st_size);
	assert_int_equal(disk_read_at(fd, room, (size_t)st.st_size, 0, NULL), 0);
	ret->len = (size_t)st.st_size;
	close(fd);
}

static void path_of_file(char path[512])
{
	DIR *open = opendir(folder);
	struct dirent *entry;

	while ((entry = readdir(open)) && !strstr(entry->d_name, ".types"))
		;
	assert_non_null(entry);
	snprintf(path, 512, "%s/%s", folder, entry->d_name);
	closedir(open);
}

static void they_come_back_as_they_were(void **state)
{
	struct symcache *cache = open_cache();
	BUF_AUTO made = { 0 };
	BUF_AUTO kept = { 0 };
	BUF_AUTO again = { 0 };
	char path[512];
	struct btf *btf;

	take(cache, &made);
	btf = btf__new(made.at, (u32)made.len);
	assert_true(btf__find_by_name_kind(btf, "task_struct", BTF_KIND_STRUCT) > 0);
	btf__free(btf);
	take(cache, &kept);
	assert_true(view_equal(buf_view(&made), buf_view(&kept)));
	path_of_file(path);
	assert_int_equal(truncate(path, 100), 0);
	take(cache, &again);
	assert_true(view_equal(buf_view(&made), buf_view(&again)));
	symcache_free(cache);
}

static void what_is_changed_is_seen(void **state)
{
	struct symcache *cache = open_cache();
	BUF_AUTO made = { 0 };
	BUF_AUTO file = { 0 };
	char path[512];
	struct view btf;

	take(cache, &made);
	path_of_file(path);
	assert_int_equal(disk_read(path, 1 << 20, &file, NULL), 0);
	assert_int_equal(kernel_types_check(buf_view(&file), &btf, NULL), 0);
	assert_true(view_equal(btf, buf_view(&made)));
	for (size_t i = 0; i < file.len; i++) {
		file.at[i] ^= 1;
		assert_int_equal(kernel_types_check(buf_view(&file), &btf, NULL), ERR_CORRUPT);
		file.at[i] ^= 1;
	}
	for (size_t len = 0; len < file.len; len++)
		assert_int_equal(
			kernel_types_check((struct view){ file.at, len }, &btf, NULL), ERR_CORRUPT);
	symcache_free(cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(they_come_back_as_they_were),
		cmocka_unit_test(what_is_changed_is_seen),
	};

	char command[64];
	int failed;

	if (!mkdtemp(folder))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command) ? 1 : failed;
}
