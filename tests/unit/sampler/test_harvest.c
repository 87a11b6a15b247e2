/* test_harvest: records are taken apart within their bounds; tables leave when they should. */
#include "testing.h"

#include <gnu/libc-version.h>
#include <stdlib.h>

#include "base/clock.h"
#include "own_mapping.h"
#include "sampler/sampler_impl.h"

#define CONTEXT_BYTES 30

static char *record_of(uint16_t n_kernel, uint16_t n_user, uint32_t slice_bytes, size_t *ret_len)
{
	size_t len = sizeof(struct sample_record) + (size_t)(n_kernel + n_user) * 8 + slice_bytes +
		     CONTEXT_BYTES;
	struct sample_record *r = calloc(1, len);
	uint64_t *frames = (uint64_t *)(r + 1);

	r->n_kernel = n_kernel;
	r->n_user = n_user;
	r->slice_bytes = slice_bytes;
	for (unsigned i = 0; i < (unsigned)n_kernel + n_user; i++)
		frames[i] = 1000 + i;
	memset((char *)(frames + n_kernel + n_user), 's', slice_bytes);
	r->context_bytes = CONTEXT_BYTES;
	memset((char *)(frames + n_kernel + n_user) + slice_bytes, 'c', CONTEXT_BYTES);
	*ret_len = len;
	return (char *)r;
}

static void every_part_is_found(void **state)
{
	size_t len;
	char *bytes = record_of(2, 3, 16, &len);
	struct harvest h;

	assert_true(harvest_parse((struct view){ bytes, len }, &h));
	assert_int_equal(h.kernel[1], 1001);
	assert_int_equal(h.user[0], 1002);
	assert_int_equal(h.user[2], 1004);
	assert_int_equal(h.slice[15], 's');
	assert_int_equal(h.context.len, CONTEXT_BYTES);
	assert_int_equal(h.context.at[0], 'c');
	free(bytes);
}

static void a_record_cut_anywhere_is_refused(void **state)
{
	size_t whole;
	char *bytes = record_of(2, 3, 16, &whole);

	for (size_t len = 0; len < whole; len++) {
		char *cut = malloc(len ? len : 1);
		struct harvest h;

		memcpy(cut, bytes, len);
		assert_false(harvest_parse((struct view){ cut, len }, &h));
		free(cut);
	}
	free(bytes);
}

#define MINUTE UINT64_C(60000000000)

/* A sampler that samples nothing, with the tables of this program and of the C library. */
struct tables {
	struct sampler sampler;
	struct module *own, *libc;
};

static struct module *build(struct sampler *s, const void *at)
{
	struct process_mapping *m = own_mapping(&s->processes, at);
	struct module *module = module_find(&s->modules, getpid(), m);

	module_request(&s->modules, module, getpid(), m, clock_monotonic_ns());
	assert_true(module_wait(&s->modules, module, 10000));
	assert_int_equal(module->state, MODULE_TABLE);
	m->module = module;
	return module;
}

static int enter(void **state)
{
	struct tables *t = calloc(1, sizeof(*t));
	struct sampler *s = &t->sampler;

	s->backend = SAMPLER_PERF;
	s->table_bytes_max = SAMPLER_TABLE_BYTES_DEFAULT;
	if (plain_space_open(&s->plain, NULL) < 0)
		return -1;
	s->memory = plain_space_memory(&s->plain);
	s->shards = s->plain.shards;
	if (unwind_space_new(&s->memory, &s->space, NULL) < 0 ||
		module_table_init(&s->modules, s->space, NULL) < 0)
		return -1;
	t->own = build(s, build);
	t->libc = build(s, (const void *)(uintptr_t)gnu_get_libc_version);
	*state = t;
	return 0;
}

static int leave(void **state)
{
	struct tables *t = *state;

	module_table_fini(&t->sampler.modules);
	process_table_fini(&t->sampler.processes);
	unwind_space_free(t->sampler.space);
	plain_space_close(&t->sampler.plain);
	free(t->sampler.image);
	free(t);
	return 0;
}

static size_t rows(const struct sampler *s)
{
	struct unwind_space_stats stats;

	unwind_space_get_stats(s->space, &stats);
	return stats.rows;
}

static void a_table_that_nobody_used_for_long_leaves(void **state)
{
	struct tables *t = *state;
	struct sampler *s = &t->sampler;
	uint64_t now_ns = clock_monotonic_ns() + 60 * MINUTE;
	size_t before = rows(s);

	t->own->used_ns = now_ns - MINUTE;
	t->libc->used_ns = now_ns - 30 * MINUTE;
	harvest_evict(s, now_ns);
	assert_int_equal(t->own->state, MODULE_TABLE);
	assert_int_equal(t->libc->state, MODULE_NEW);
	assert_int_equal(s->modules.evicted, 1);
	/* Its room is free only when no walk can be in it any more. */
	assert_int_equal(rows(s), before);
	s->drains += RUNS_GRACE + 1;
	harvest_evict(s, now_ns);
	assert_true(rows(s) < before);
}

static void over_budget_the_oldest_leaves_but_never_what_is_in_use(void **state)
{
	struct tables *t = *state;
	struct sampler *s = &t->sampler;
	uint64_t now_ns = clock_monotonic_ns() + 60 * MINUTE;

	t->own->used_ns = now_ns - 1;
	t->libc->used_ns = now_ns - MINUTE;
	harvest_evict(s, now_ns);
	assert_int_equal(s->modules.evicted, 0); /* there is room */
	s->table_bytes_max = 4096;
	harvest_evict(s, now_ns + MINUTE / 30);
	assert_int_equal(t->libc->state, MODULE_NEW);
	assert_int_equal(t->own->state, MODULE_TABLE);
	assert_int_equal(s->modules.evicted, 1);
}

static void a_table_that_left_comes_back_when_it_is_needed(void **state)
{
	struct tables *t = *state;
	struct sampler *s = &t->sampler;
	uint64_t now_ns = clock_monotonic_ns() + 60 * MINUTE;
	size_t before = rows(s);

	harvest_evict(s, now_ns);
	assert_int_equal(s->modules.evicted, 2);
	s->drains += RUNS_GRACE + 1;
	harvest_evict(s, now_ns + MINUTE);
	assert_int_equal(rows(s), 0);
	build(s, build);
	build(s, (const void *)(uintptr_t)gnu_get_libc_version);
	assert_int_equal(rows(s), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_part_is_found),
		cmocka_unit_test(a_record_cut_anywhere_is_refused),
		cmocka_unit_test_setup_teardown(
			a_table_that_nobody_used_for_long_leaves, enter, leave),
		cmocka_unit_test_setup_teardown(
			over_budget_the_oldest_leaves_but_never_what_is_in_use, enter, leave),
		cmocka_unit_test_setup_teardown(
			a_table_that_left_comes_back_when_it_is_needed, enter, leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
