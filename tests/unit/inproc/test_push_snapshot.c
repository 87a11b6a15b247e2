/* test_push_snapshot: what is kept all the time, as windows. */
#include "inproc/push_snapshot.h"

#include "inproc/push_item.h"
#include "testing.h"

/* Of one stack each: allocations and what is in use of them; absent = 0. */
static int64_t allocs[2], in_use[2];
static bool is_kept;

static int take(struct profile **ret, struct err *err)
{
	struct profile *p = profile_new();

	if (!is_kept) {
		profile_free(p);
		return err_set(err, ERR_USAGE, "not kept");
	}
	profile_add_type(p, VIEW("alloc_objects"), VIEW("count"), NULL);
	profile_add_type(p, VIEW("inuse_objects"), VIEW("count"), NULL);
	for (uint64_t i = 0; i < 2; i++) {
		uint32_t at = profile_named(p, i ? VIEW("second") : VIEW("first"));
		int64_t values[2] = { allocs[i], in_use[i] };

		if (allocs[i] || in_use[i])
			profile_add(p, profile_push(p, STACK_EMPTY, at), 0, values);
	}
	*ret = p;
	return 0;
}

static int64_t sum(const struct profile *p, size_t type)
{
	int64_t total = 0;

	for (size_t i = 0; i < p->n_samples; i++)
		total += p->values[i * p->n_types + type];
	return total;
}

static void allocations_are_differences_and_memory_is_what_it_is(void **state)
{
	const struct kind heap = { .name = "heap", .text = KIND_TEXT_HEAP, .snapshot = take };
	struct push_snapshot snapshot = { .kind = &heap };
	struct profile *window;

	assert_int_equal(push_snapshot_next(&snapshot, &window, NULL), 0);
	assert_null(window); /* not kept */
	is_kept = true;
	allocs[0] = in_use[0] = 5;
	assert_int_equal(push_snapshot_next(&snapshot, &window, NULL), 0);
	assert_null(window); /* the first */
	allocs[1] = 7;
	in_use[1] = 3;
	assert_int_equal(push_snapshot_next(&snapshot, &window, NULL), 0);
	assert_int_equal(sum(window, 0), 7);
	assert_int_equal(sum(window, 1), 8);
	profile_free(window);
	in_use[0] = 1;
	assert_int_equal(push_snapshot_next(&snapshot, &window, NULL), 0);
	assert_int_equal(sum(window, 0), 0);
	assert_int_equal(sum(window, 1), 4);
	profile_free(window);
	push_snapshot_fini(&snapshot);
}

static void only_what_happens_over_time_is_wanted(void **state)
{
	assert_true(push_snapshot_wanted(
		&(struct kind){ .name = "heap", .text = KIND_TEXT_HEAP, .snapshot = take }));
	assert_true(push_snapshot_wanted(
		&(struct kind){ .name = "block", .text = KIND_TEXT_CONTENTION, .snapshot = take }));
	assert_false(push_snapshot_wanted(
		&(struct kind){ .name = "allocs", .text = KIND_TEXT_HEAP, .snapshot = take }));
	assert_false(push_snapshot_wanted(
		&(struct kind){ .name = "threads", .text = KIND_TEXT_COUNT, .snapshot = take }));
	assert_false(push_snapshot_wanted(&(struct kind){ .name = "profile" }));
}

static void block_and_mutex_are_told_apart_by_a_form(void **state)
{
	const struct kind mutex = { .name = "mutex", .text = KIND_TEXT_CONTENTION };
	const struct kind heap = { .name = "heap", .text = KIND_TEXT_HEAP };
	struct push_item *item = push_item_new();

	push_snapshot_fill(&heap, VIEW("bytes"), item);
	assert_view_equal(buf_view(&item->body), "bytes");
	assert_string_equal(item->type, "application/octet-stream");
	push_item_free(item);
	item = push_item_new();
	push_snapshot_fill(&mutex, VIEW("bytes"), item);
	assert_memory_equal(item->type, "multipart/form-data; boundary=", 30);
	buf_add_char(&item->body, '\0');
	assert_non_null(strstr(item->body.at, "name=\"profile\""));
	assert_non_null(strstr(item->body.at, "\r\n\r\nbytes\r\n--"));
	assert_non_null(strstr(item->body.at, "mutex_count"));
	push_item_free(item);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(allocations_are_differences_and_memory_is_what_it_is),
		cmocka_unit_test(only_what_happens_over_time_is_wanted),
		cmocka_unit_test(block_and_mutex_are_told_apart_by_a_form),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
