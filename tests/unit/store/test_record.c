/* test_record: the samples of an entry, sorted, each pair of stack and span once. */
#include "testing.h"

#include "store/record.h"
#include "store/workload.h"

static void build(struct record *record, struct store_dictionary *d, struct store_entry *entry)
{
	struct dictionary_pass pass;

	assert_int_equal(dictionary_pass_init(&pass, d, entry->profile, NULL), 0);
	assert_int_equal(record_build(record, entry, &pass, NULL), 0);
	dictionary_pass_fini(&pass);
}

static void columns_are_sorted_and_add_up(void **state)
{
	struct store_dictionary *d = dictionary_new(1, 100000);
	uint32_t seed = 5;

	for (int round = 0; round < 100; round++) {
		struct workload_entry made;
		struct record record;

		workload_make(&made, &seed, 1000);
		build(&record, d, &made.entry);
		for (size_t t = 0; t < 2; t++) {
			int64_t whole = 0, kept = 0;

			for (size_t i = 0; i < made.profile->n_samples; i++)
				whole += made.profile->values[i * 2 + t];
			for (size_t i = 0; i < record.n; i++)
				kept += record.values[t * record.n + i];
			assert_int_equal(whole, kept);
			assert_int_equal(whole, record.totals[t]);
		}
		for (size_t i = 1; i < record.n; i++) {
			uint32_t before = record.span_of ? record.span_of[i - 1] : 0;
			uint32_t span = record.span_of ? record.span_of[i] : 0;

			assert_true(record.stacks[i - 1] < record.stacks[i] ||
				    (record.stacks[i - 1] == record.stacks[i] && before < span));
		}
		record_fini(&record);
		workload_free(&made);
	}
	dictionary_unref(d);
}

static void only_the_samples_that_were_named_are_kept(void **state)
{
	struct store_dictionary *d = dictionary_new(1, 1000);
	PROFILE_AUTO p = profile_new();
	static const uint32_t wanted[] = { 2, 0 };
	struct store_entry entry = { .profile = p, .samples = wanted, .n_samples = 2 };
	struct record record;

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	for (int64_t value = 1; value <= 3; value++)
		profile_add(p,
			profile_push(p, 0, profile_named(p, value == 2 ? VIEW("b") : VIEW("a"))),
			value == 3 ? workload_span(p, &(uint32_t){ 9 }) : 0, &value);
	build(&record, d, &entry);
	assert_int_equal(record.n, 2);
	assert_int_equal(record.totals[0], 4);
	assert_int_equal(record.n_spans, 1);
	record_fini(&record);
	dictionary_unref(d);
}

static uint32_t labelled(struct profile *p, const char *key, const char *value)
{
	struct label label = { .key = profile_string(p, view_of(key)),
		.str = profile_string(p, view_of(value)) };

	return profile_labels(p, &label, 1);
}

static void a_span_may_come_alone_and_must_be_hex(void **state)
{
	struct store_dictionary *d = dictionary_new(1, 1000);
	PROFILE_AUTO p = profile_new();
	struct store_entry entry = { .profile = p };
	static const uint8_t span_id[1][8] = { { 0, 0, 0, 0, 0, 0, 0xAB, 0xcd } };
	struct store_select select = { .spans = span_id, .n_spans = 1 };
	struct record record;
	int64_t one = 1;

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	profile_add(p, 0, labelled(p, "span_id", "ABcd"), &one);
	profile_add(p, 0, labelled(p, "span_id", "xyz1"), &one);
	profile_add(p, 0, labelled(p, "span_id", "00112233445566778899"), &one);
	profile_add(p, 0, labelled(p, "other", "abcd"), &one);
	build(&record, d, &entry);
	assert_int_equal(record.n, 2);
	assert_int_equal(record.n_spans, 1);
	assert_true(record_selects_span(&select, &record.spans[0]));
	assert_false(record_selects_span(&select, NULL));
	record_fini(&record);
	dictionary_unref(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_sorted_and_add_up),
		cmocka_unit_test(only_the_samples_that_were_named_are_kept),
		cmocka_unit_test(a_span_may_come_alone_and_must_be_hex),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
