/* test_evidence_roots: only what stands at the root says that a stack is cut short. */
#include "testing.h"

#include "query/evidence_roots.h"
#include "query/kept_profiles.h"

static void only_roots_count(void **state)
{
	struct store_select select = kept_select();
	struct evidence_roots roots = { 0 };
	struct store *store;

	assert_int_equal(store_mem_open(&store, NULL), 0);
	kept_add(store, (struct kept){ .pod = "a" },
		"[truncated: jit];f;g|1\n[truncated: jit]|2\nf;[truncated: depth]|4\nf|8");
	kept_add(store, (struct kept){ .pod = "b" }, "[truncated: memory];f|16\ncomplete|32");
	assert_int_equal(evidence_roots_read(store, &select, NULL, &roots, NULL), 0);
	assert_int_equal(roots.n_series, 2);
	assert_int_equal(roots.total, 63);
	assert_int_equal(roots.truncated[TRUNCATED_JIT], 3);
	assert_int_equal(roots.truncated[TRUNCATED_MEMORY], 16);
	assert_int_equal(roots.truncated[TRUNCATED_DEPTH], 0);
	assert_int_equal(roots.truncated_otherwise, 0);
	assert_false(roots.capture.known); /* without hosts it is no agent's account */
	store_close(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_roots_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
