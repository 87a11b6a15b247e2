/* test_store_rocksdb: the store on disk does what every store does, and what the oracle says. */
#include "testing.h"

#include "store/conformance.h"
#include "store/dictionary.h"
#include "store/folder.h"
#include "store/step.h"
#include "store/store_impl.h"
#include "store/store_mem.h"
#include "store/store_rocksdb.h"

#define N 300
#define DAYS 9

static char folder[64];

static struct store *open_again(void)
{
	struct store_rocksdb_options options = { .path = folder, .by_hand = true, .bytes_free = 1 };
	struct store *store;
	struct err err = { 0 };

	if (store_rocksdb_open(&options, &store, &err) < 0)
		fail_msg("%s", err.text);
	return store;
}

static struct store *open_new(void)
{
	if (folder[0])
		folder_remove(folder);
	folder_make(folder);
	return open_again();
}

/* Every sum that a scan gives, in one number that does not depend on how parts were cut. */
struct digest {
	uint64_t sums;
	int64_t total;
	uint64_t n_profiles;
	uint64_t last_series;
	int64_t last_begin;
	const struct store_scan *scan;
};

static uint64_t mix(uint64_t a, uint64_t b)
{
	a ^= b + 0x9e3779b97f4a7c15ULL + (a << 6) + (a >> 2);
	a *= 0xff51afd7ed558ccdULL;
	return a ^ a >> 33;
}

static uint64_t text_hash(struct view text)
{
	uint64_t hash = 5;

	for (size_t i = 0; i < text.len; i++)
		hash = hash * 31 + (uint8_t)text.at[i];
	return hash;
}

/* Depends on the names alone: numbers of stacks may differ from store to store. */
static uint64_t stack_hash(const struct store_dictionary *dictionary, uint32_t stack)
{
	PROFILE_AUTO scratch = profile_new();
	size_t n;
	const struct dictionary_node *nodes = dictionary_nodes(dictionary, &n);
	uint64_t hash = 1;

	assert_true(stack < n);
	for (; stack; stack = nodes[stack].parent) {
		uint32_t id = dictionary_location(dictionary, nodes[stack].frame, scratch);
		const struct location *location = &scratch->locations[id];

		hash = mix(hash, location->address);
		for (uint32_t i = 0; i < location->n_lines; i++) {
			const struct line *line = &scratch->lines[location->first_line + i];
			const struct function *function = &scratch->functions[line->function];

			hash = mix(hash, text_hash(profile_text(scratch, function->name)));
			hash = mix(hash, (uint64_t)line->line);
		}
	}
	return hash;
}

static int add_part(void *owner, const struct store_part *part)
{
	struct digest *d = owner;
	uint64_t place = 7;
	int64_t step = d->scan->step_ns;

	for (size_t i = 0; i < part->series->labels.n; i++)
		place = mix(place, text_hash(part->series->labels.at[i].value));
	if (d->last_series == part->series->id + 1)
		assert_true(part->begin_ns >= d->last_begin);
	d->last_series = part->series->id + 1;
	d->last_begin = part->begin_ns;
	if (step)
		place = mix(place, step_of(d->scan->select, step, part->begin_ns));
	if (d->scan->apart)
		place = mix(place, (uint64_t)part->end_ns);
	d->total += part->total;
	d->n_profiles += part->n_profiles;
	d->sums += place * (uint64_t)part->total;
	for (size_t i = 0; part->dictionary && i < part->n; i++) {
		uint64_t at = mix(place, stack_hash(part->dictionary, part->stacks[i]));

		if (part->span_of && part->span_of[i]) {
			const struct store_span *span = &part->spans[part->span_of[i] - 1];

			at = mix(at, span->trace_id[15] * 256u + span->span_id[7]);
		}
		d->sums += at * (uint64_t)part->values[i];
	}
	return 0;
}

static void compare(struct store *store, struct store *oracle, uint32_t *seed)
{
	uint8_t traces[2][16] = { { 0 } };
	static const char *const patterns[] = { "pod-[01]", ".*", "", "pod-.", "nothing", "pod-1" };
	struct matcher matchers[2] = {
		{ .name = VIEW("pod"),
			.value = view_of(patterns[random_next(seed) % 6]),
			.op = random_next(seed) % 4 },
		{ .name = VIEW("service_name"), .value = VIEW("service-1"), .op = MATCHER_IS },
	};
	int64_t from = random_next(seed) % (86400 * DAYS);
	int64_t length = 1 + random_next(seed) % (random_next(seed) % 2 ? 86400 * DAYS : 4000);
	struct store_select select = { .type = workload_type(random_next(seed) % 2),
		.tenant = random_next(seed) % 5 ? VIEW("") : VIEW("other"),
		.matchers = matchers,
		.n_matchers = random_next(seed) % 3,
		.from_ns = WORKLOAD_START + from * WORKLOAD_SECOND,
		.to_ns = WORKLOAD_START + (from + length) * WORKLOAD_SECOND };
	static const int64_t steps[] = { 0, 0, 15, 3600, 100000 };
	struct store_scan scan = { .select = &select,
		.detail = random_next(seed) % 3,
		.apart = random_next(seed) % 3 == 0,
		.step_ns = steps[random_next(seed) % 5] * WORKLOAD_SECOND,
		.part = add_part };
	struct digest mine = { .scan = &scan }, wanted = { .scan = &scan };

	if (random_next(seed) % 3 == 0) {
		traces[0][15] = (uint8_t)(1 + random_next(seed) % 20);
		traces[1][15] = (uint8_t)(1 + random_next(seed) % 20);
		select.traces = traces;
		select.n_traces = 2;
	}
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(matcher_init(&matchers[i], NULL), 0);
	scan.owner = &mine;
	assert_int_equal(store_scan(store, &scan, NULL), 0);
	scan.owner = &wanted;
	assert_int_equal(store_scan(oracle, &scan, NULL), 0);
	for (size_t i = 0; i < 2; i++)
		matcher_fini(&matchers[i]);
	assert_int_equal(mine.total, wanted.total);
	assert_int_equal(mine.n_profiles, wanted.n_profiles);
	assert_int_equal(mine.sums, wanted.sums);
}

static void compare_often(struct store *store, struct store *oracle, uint32_t *seed)
{
	for (int i = 0; i < 150; i++)
		compare(store, oracle, seed);
}

static void fill(struct store *store, struct store *oracle, uint32_t *seed)
{
	for (size_t i = 0; i < N; i++) {
		struct workload_entry made;

		/* Half of it is dense, so that blocks have several profiles. */
		workload_make(&made, seed, i % 2 ? 86400 * DAYS : 1500);
		for (int again = 0; again < 1 + (i % 16 == 0); again++) {
			assert_int_equal(workload_append(store, &made.entry, 1, NULL), 0);
			assert_int_equal(workload_append(oracle, &made.entry, 1, NULL), 0);
		}
		workload_free(&made);
	}
}

static void it_answers_as_the_oracle_does(void **state)
{
	struct store *store = open_new(), *oracle;
	int64_t later = WORKLOAD_START + 86400 * (DAYS + 2) * WORKLOAD_SECOND;
	uint32_t seed = 2024;

	assert_int_equal(store_mem_open(&oracle, NULL), 0);
	fill(store, oracle, &seed);
	compare_often(store, oracle, &seed); /* rows */
	assert_int_equal(
		store_rocksdb_tend(store, WORKLOAD_START + 86400 * 3 * WORKLOAD_SECOND, NULL), 0);
	compare_often(store, oracle, &seed); /* rows, blocks and roll-ups */
	fill(store, oracle, &seed);
	compare_often(store, oracle, &seed); /* rows beside blocks */
	store_close(store);
	store = open_again();
	compare_often(store, oracle, &seed);
	assert_int_equal(store_rocksdb_tend(store, later, NULL), 0);
	compare_often(store, oracle, &seed); /* blocks folded again */
	fill(store, oracle, &seed);
	store_close(store);
	store = open_again();
	assert_int_equal(store_rocksdb_tend(store, later, NULL), 0);
	compare_often(store, oracle, &seed);
	store_close(store);
	store_close(oracle);
}

static int count_part(void *owner, const struct store_part *part)
{
	*(uint32_t *)owner += part->n_profiles;
	return 0;
}

static uint32_t count_between(struct store *store, int64_t from_day, int64_t to_day)
{
	struct store_select select = { .type = workload_type(0),
		.from_ns = from_day * STORE_DAY_NS,
		.to_ns = to_day * STORE_DAY_NS };
	uint32_t n = 0;
	struct store_scan scan = { .select = &select, .part = count_part, .owner = &n };

	assert_int_equal(store_scan(store, &scan, NULL), 0);
	return n;
}

static void a_day_goes_whole_and_stays_gone(void **state)
{
	struct store *store = open_new(), *oracle;
	uint32_t first = store_day(WORKLOAD_START), rest, seed = 5;
	struct workload_entry made;

	assert_int_equal(store_mem_open(&oracle, NULL), 0);
	fill(store, oracle, &seed);
	rest = count_between(store, first + 1, 100000);
	assert_true(count_between(store, first, first + 1) > 0);
	assert_int_equal(store_rocksdb_drop(store, first, NULL), 0);
	for (int round = 0; round < 2; round++) {
		assert_int_equal(count_between(store, 0, first + 1), 0);
		assert_int_equal(count_between(store, first + 1, 100000), rest);
		assert_int_equal(count_between(oracle, first + 1, 100000), rest);
		workload_make(&made, &seed, 10);
		if (round == 0) {
			assert_int_equal(workload_append(store, &made.entry, 1, NULL), ERR_USAGE);
			store_close(store);
			store = open_again();
		}
		workload_free(&made);
	}
	store_close(store);
	store_close(oracle);
}

static void the_oldest_days_go_by_themselves(void **state)
{
	struct store_rocksdb_options options = {
		.path = folder, .by_hand = true, .bytes_free = 1, .days_max = 3
	};
	struct store *store = open_new(), *oracle;
	uint32_t first = store_day(WORKLOAD_START), seed = 5;

	assert_int_equal(store_mem_open(&oracle, NULL), 0);
	fill(store, oracle, &seed);
	store_close(store);
	assert_int_equal(store_rocksdb_open(&options, &store, NULL), 0);
	for (int i = 0; i < DAYS + 2; i++)
		assert_int_equal(
			store_rocksdb_tend(store, (first + 6) * STORE_DAY_NS + 1, NULL), 0);
	assert_int_equal(count_between(store, 0, first + 3), 0);
	assert_int_equal(count_between(store, 0, 100000), count_between(oracle, first + 3, 100000));
	store_close(store);
	store_close(oracle);
}

static void one_process_has_it(void **state)
{
	struct store_rocksdb_options options = { .path = folder };
	struct store *store = open_new(), *other;
	struct err err;

	assert_int_equal(store_rocksdb_open(&options, &other, &err), ERR_DENIED);
	assert_non_null(strstr(err.text, "in use by process"));
	store_close(store);
}

static void a_newer_version_is_refused_untouched(void **state)
{
	struct store_rocksdb_options options = { .path = folder };
	struct store *store = open_new();
	char path[128];
	struct err err;
	FILE *file;

	store_close(store);
	snprintf(path, sizeof(path), "%s/VERSION", folder);
	file = fopen(path, "w");
	fputs("flyover store 2\n", file);
	fclose(file);
	assert_int_equal(store_rocksdb_open(&options, &store, &err), ERR_UNSUPPORTED);
	assert_non_null(strstr(err.text, "version 2"));
	assert_non_null(strstr(err.text, "up to 1"));
}

/* A bucket that has a block and rows, when the store is opened: both count as seen. */
static void what_was_folded_is_known_again_after_opening(void **state)
{
	struct store *store = open_new();
	struct store_figures figures;

	assert_int_equal(conformance_put(store, "p1", 1, 0), 0);
	assert_int_equal(
		store_rocksdb_tend(store, WORKLOAD_START + 1000 * WORKLOAD_SECOND, NULL), 0);
	assert_int_equal(conformance_put(store, "p1", 2, 0), 0);
	store_close(store);
	store = open_again();
	assert_int_equal(conformance_put(store, "p1", 1, 0), 0);
	assert_int_equal(conformance_put(store, "p1", 2, 0), 0);
	store_figures(store, &figures);
	assert_int_equal(figures.duplicates, 2);
	store_close(store);
}

static void without_room_it_refuses_and_reads_on(void **state)
{
	struct store_rocksdb_options options = { .path = folder, .by_hand = true };
	struct store *store = open_new();
	struct err err = { 0 };

	assert_int_equal(conformance_put(store, "p1", 1, 0), 0);
	store_close(store);
	options.bytes_free = UINT64_MAX;
	assert_int_equal(store_rocksdb_open(&options, &store, &err), 0);
	assert_int_equal(conformance_put(store, "p1", 2, 0), ERR_LIMIT);
	store_close(store);
	options.bytes_free = 1;
	assert_int_equal(store_rocksdb_open(&options, &store, NULL), 0);
	assert_int_equal(conformance_put(store, "p1", 2, 0), 0);
	store_close(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_answers_as_the_oracle_does),
		cmocka_unit_test(a_day_goes_whole_and_stays_gone),
		cmocka_unit_test(the_oldest_days_go_by_themselves),
		cmocka_unit_test(one_process_has_it),
		cmocka_unit_test(a_newer_version_is_refused_untouched),
		cmocka_unit_test(what_was_folded_is_known_again_after_opening),
		cmocka_unit_test(without_room_it_refuses_and_reads_on),
	};
	int failed = conformance_run(open_new) + cmocka_run_group_tests(tests, NULL, NULL);

	folder_remove(folder);
	return failed;
}
