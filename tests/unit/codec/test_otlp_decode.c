/* test_otlp_decode: one profile of all, or each alone with its resource. */
#include "otlp_message.h"

struct seen {
	size_t count;
	int answer;
};

static int take(void *owner, const struct part *part, struct profile *profile, struct err *err)
{
	struct seen *seen = owner;

	seen->count++;
	assert_int_equal(part->n_labels, 1);
	assert_view_equal(part->labels[0].name, "service_name");
	assert_view_equal(part->labels[0].value, "shop");
	assert_true(part->has_id);
	assert_memory_equal(part->id, "0123456789abcdef", 16);
	assert_int_equal(label_of(profile, 0, "service_name").len, 0);
	assert_view_equal(label_of(profile, 0, "thread"), "w1");
	assert_int_equal(profile_total(profile, 0), 30);
	profile_free(profile);
	return seen->answer;
}

static void parts_know_where_they_came_from(void **state)
{
	BUF_AUTO sample = { 0 };
	BUF_AUTO message = { 0 };
	struct seen seen = { 0 };

	put_sample(&sample, false);
	put_message(&message, &sample, 1);
	assert_int_equal(
		otlp_decode_parts(buf_view(&message), &(struct parts_sink){ take, &seen }, NULL),
		0);
	assert_int_equal(seen.count, 1);
	seen.answer = ERR_LIMIT;
	assert_int_equal(
		otlp_decode_parts(buf_view(&message), &(struct parts_sink){ take, &seen }, NULL),
		ERR_LIMIT);
}

static void profiles_without_samples_are_no_parts(void **state)
{
	BUF_AUTO message = { 0 };
	struct seen seen = { 0 };

	put_message(&message, NULL, 0);
	assert_int_equal(
		otlp_decode_parts(buf_view(&message), &(struct parts_sink){ take, &seen }, NULL),
		0);
	assert_int_equal(seen.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_know_where_they_came_from),
		cmocka_unit_test(profiles_without_samples_are_no_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
