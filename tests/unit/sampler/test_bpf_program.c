/* test_bpf_program: the kernel takes the program, whoever told libbpf the kernel's types. */
#include "testing.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdio.h>
#include <stdlib.h>

#include "sampler/bpf_program.h"
#include "sampler/bpf_skeleton.h"
#include "sampler/preflight.h"
#include "symbol/symcache.h"

static const struct bpf_program_options usual = {
	.ring_bytes = 1 << 22, .n_cpus = 2, .period_ns = 10000000
};

static void skip_where_not_permitted(void)
{
	struct err err = { 0 };

	if (preflight_bpf(&err) == 0)
		return;
	fprintf(stderr, "skipped: %s\n", err.text);
	skip();
}

/* How many instructions the verifier looked at. */
static unsigned verified(struct symcache *cache)
{
	struct bpf_program_options options = usual;
	struct bpf_prog_info info = { 0 };
	struct sample_bpf *skeleton;
	struct err err = { 0 };
	u32 len = sizeof(info);

	options.cache = cache;
	if (bpf_program_load(&options, &skeleton, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(
		bpf_obj_get_info_by_fd(bpf_program__fd(skeleton->progs.on_tick), &info, &len), 0);
	sample_bpf__destroy(skeleton);
	return info.verified_insns;
}

static void types_may_come_from_the_cache(void **state)
{
	char folder[] = "/tmp/flyover-test-XXXXXX", command[128];
	struct symcache *cache;
	unsigned plain;

	skip_where_not_permitted();
	plain = verified(NULL);
	assert_true(plain > 0);
	assert_non_null(mkdtemp(folder));
	assert_int_equal(symcache_open(folder, 0, &cache, NULL), 0);
	assert_int_equal(verified(cache), plain);
	assert_int_equal(verified(cache), plain);
	symcache_free(cache);
	snprintf(command, sizeof(command), "ls %s/types-*.types >/dev/null && rm -r %s", folder,
		folder);
	assert_int_equal(system(command), 0);
}

static void what_the_kernel_refuses_is_an_error(void **state)
{
	struct bpf_program_options options = usual;
	struct sample_bpf *skeleton = NULL;
	struct err err;

	skip_where_not_permitted();
	options.ring_bytes = 1;
	options.n_cpus = 0;
	assert_true(bpf_program_load(&options, &skeleton, &err) < 0);
	assert_null(skeleton);
	assert_non_null(strstr(err.text, "refused"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_may_come_from_the_cache),
		cmocka_unit_test(what_the_kernel_refuses_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
