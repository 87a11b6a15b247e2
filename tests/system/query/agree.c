/* agree: whatever is asked, the store in memory, the store on disk and adding up what was pushed
 * say the same. Usage: agree [SEED [SECONDS]] */
#include "testing.h"

#include <sys/random.h>
#include <time.h>

#include "naive.h"
#include "query/evidence.h"
#include "query/folded_of.h"
#include "query/gather.h"
#include "query/share.h"
#include "query/timeline.h"
#include "query/traces.h"
#include "store/folder.h"
#include "store/store_mem.h"
#include "store/store_rocksdb.h"

#define ENTRIES 600
#define ROUNDS 6

static uint32_t seed;
static unsigned seconds = 8;
static char folder[64];
static struct store *stores[2]; /* in memory, on disk */
static struct workload_entry entries[ENTRIES];
static struct naive naive;

static void open_disk(void)
{
	struct store_rocksdb_options options = { .path = folder, .by_hand = true, .bytes_free = 1 };

	assert_int_equal(store_rocksdb_open(&options, &stores[1], NULL), 0);
}

static int start(void **state)
{
	folder_make(folder);
	assert_int_equal(store_mem_open(&stores[0], NULL), 0);
	open_disk();
	return 0;
}

static int stop(void **state)
{
	store_close(stores[0]);
	store_close(stores[1]);
	folder_remove(folder);
	naive_fini(&naive);
	for (size_t i = 0; i < ENTRIES; i++)
		workload_free(&entries[i]);
	return 0;
}

/* ---- what is pushed ---- */

static void push(struct workload_entry *e)
{
	workload_make(e, &seed, NAIVE_SPREAD_S);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(workload_append(stores[i], &e->entry, 1, NULL), 0);
	if (random_next(&seed) % 8 == 0)
		assert_int_equal(workload_append(stores[1], &e->entry, 1, NULL), 0);
	naive_add(&naive, e);
}

/* Some of what is on disk is rows, some blocks, some rolled up. */
static void tend(void)
{
	int64_t after_ns =
		(int64_t)(random_next(&seed) % (NAIVE_SPREAD_S + 86400)) * WORKLOAD_SECOND;

	assert_int_equal(store_rocksdb_tend(stores[1], WORKLOAD_START + after_ns, NULL), 0);
	if (random_next(&seed) % 2) {
		store_close(stores[1]);
		open_disk();
	}
}

/* ---- trees ---- */

static int64_t total_of(const struct profile *profile)
{
	int64_t total = 0;

	for (size_t i = 0; i < profile->n_samples; i++)
		total += profile->values[i];
	return total;
}

static void trees_agree(const struct naive_question *q)
{
	struct gather_options options = { .select = &q->select,
		.group = q->group,
		.n_group = q->n_group,
		.groups_max = GATHER_GROUPS_MAX,
		.path = q->path,
		.n_path = q->n_path };
	BUF_AUTO right = { 0 };
	BUF_AUTO below = { 0 };

	naive_folded(&naive, q, false, &right);
	naive_folded(&naive, q, true, &below);
	for (size_t i = 0; i < 2; i++) {
		BUF_AUTO seen = { 0 };
		struct profile *profile;
		int rc;

		options.nodes_max = 0;
		rc = gather(stores[i], &options, &profile, NULL, NULL);
		assert_true(rc == 0 || (rc == ERR_NOT_FOUND && q->n_path && below.len == 0));
		if (rc < 0)
			continue;
		folded_of(profile, &seen);
		profile_free(profile);
		if (!view_equal(buf_view(&seen), buf_view(&right)))
			fail_msg("store %zu says\n%.*sinstead of\n%.*s", i, (int)seen.len, seen.at,
				(int)right.len, right.at);
		options.nodes_max = 1 + random_next(&seed) % 30;
		assert_int_equal(gather(stores[i], &options, &profile, NULL, NULL), 0);
		assert_true(total_of(profile) == naive_total(&naive, q));
		profile_free(profile);
	}
}

/* ---- over time ---- */

static bool is_of_group(const struct naive_question *q, const struct groups *groups, uint32_t group,
	const struct naive_sample *s)
{
	for (size_t i = 0; i < q->n_group; i++)
		if (!view_equal(naive_label(s->of, q->group[i]), groups_value(groups, group, i)))
			return false;
	return true;
}

/* Adds what the group has at each point; a function's part alone if `names` has its bits. */
static void naive_points(const struct naive_question *q, const struct groups *groups,
	uint32_t group, int64_t step_ns, int64_t *points)
{
	for (size_t i = 0; i < naive.n; i++) {
		const struct naive_sample *s = &naive.samples[i];

		if (naive_selects(q, s) && is_of_group(q, groups, group, s))
			points[naive_point(q, s, step_ns)] += s->values[q->which];
	}
}

static int64_t pick_step(const struct naive_question *q, size_t *ret_points)
{
	int64_t range = q->select.to_ns - q->select.from_ns;
	int64_t step = timeline_step(range, 1 + random_next(&seed) % 40);

	*ret_points = (size_t)((range - 1) / step + 1);
	return step;
}

static void timelines_agree(const struct naive_question *q)
{
	size_t n;
	struct timeline_options options = { .select = &q->select,
		.step_ns = pick_step(q, &n),
		.group = q->group,
		.n_group = q->n_group };

	for (size_t i = 0; i < 2; i++) {
		struct timeline timeline;
		int64_t total = 0;

		assert_int_equal(timeline_make(stores[i], &options, &timeline, NULL), 0);
		assert_int_equal(timeline.n_points, n);
		for (size_t k = 0; k < timeline.n_lines; k++) {
			int64_t *right = calloc(n, sizeof(*right));

			naive_points(q, &timeline.groups, timeline.lines[k].group, options.step_ns,
				right);
			assert_memory_equal(timeline.lines[k].points, right, n * sizeof(*right));
			total += timeline.lines[k].total;
			free(right);
		}
		assert_true(total == naive_total(&naive, q));
		timeline_fini(&timeline);
	}
}

static void shares_agree(const struct naive_question *q)
{
	uint32_t name = random_next(&seed) % (uint32_t)naive.names.count;
	struct view function = strings_at(&naive.names, name);
	size_t n;
	struct share_options options = {
		.select = &q->select, .functions = &function, .n_functions = 1
	};
	int64_t *total, *self;

	if (function.len == 0)
		return;
	options.step_ns = pick_step(q, &n);
	total = calloc(2 * n, sizeof(*total));
	self = total + n;
	for (size_t i = 0; i < naive.n; i++) {
		const struct naive_sample *s = &naive.samples[i];
		bool is_in = false;
		size_t at;

		if (!naive_selects(q, s))
			continue;
		at = naive_point(q, s, options.step_ns);
		for (size_t k = 0; k < s->n_names; k++)
			is_in |= s->names[k] == name;
		total[at] += is_in ? s->values[q->which] : 0;
		if (s->n_names && s->names[s->n_names - 1] == name)
			self[at] += s->values[q->which];
	}
	for (size_t i = 0; i < 2; i++) {
		struct share share;

		assert_int_equal(share_make(stores[i], &options, &share, NULL), 0);
		assert_true(share.n_lines <= 1);
		for (size_t k = 0; k < n; k++) {
			assert_true(total[k] == (share.n_lines ? share.lines[0].total[k] : 0));
			assert_true(self[k] == (share.n_lines ? share.lines[0].self[k] : 0));
		}
		share_fini(&share);
	}
	free(total);
}

/* ---- traces, and what it all rests on ---- */

static void traces_agree(const struct naive_question *q)
{
	bool by_trace = random_next(&seed) % 2;

	for (size_t i = 0; i < 2; i++) {
		struct traces traces;
		int64_t left = 0;

		assert_int_equal(traces_find(stores[i], &q->select, by_trace, &traces, NULL), 0);
		for (size_t k = 0; k < naive.n; k++)
			if (naive_selects(q, &naive.samples[k]) && naive.samples[k].has_span)
				left += naive.samples[k].values[q->which];
		for (size_t k = 0; k < traces.n; k++) {
			int64_t right = 0;

			for (size_t m = 0; m < naive.n; m++) {
				const struct naive_sample *s = &naive.samples[m];
				size_t len = by_trace ? 16 : sizeof(s->span);

				if (s->has_span && naive_selects(q, s) &&
					memcmp(&s->span, &traces.rows[k].span, len) == 0)
					right += s->values[q->which];
			}
			assert_true(traces.rows[k].total == right);
			left -= right;
		}
		assert_true(left == 0); /* no row twice, none missing */
		traces_fini(&traces);
	}
}

static void evidence_agrees(const struct naive_question *q)
{
	struct naive_question counts = *q;
	int64_t truncated = 0;
	uint64_t profiles = 0;

	counts.which = 0;
	for (size_t i = 0; i < naive.n; i++) {
		const struct naive_sample *s = &naive.samples[i];

		if (s->n_names && naive_selects(&counts, s) &&
			view_equal(
				strings_at(&naive.names, s->names[0]), VIEW("[truncated: depth]")))
			truncated += s->values[0];
	}
	for (size_t i = 0; i < 2; i++) {
		struct evidence evidence;

		assert_int_equal(evidence_gather(stores[i], &q->select, &evidence, NULL), 0);
		assert_true(evidence.total == naive_total(&naive, q));
		assert_true(evidence.samples == naive_total(&naive, &counts));
		assert_true(evidence.truncated[TRUNCATED_DEPTH] == truncated);
		if (i == 1)
			assert_true(evidence.profiles == profiles);
		profiles = evidence.profiles;
		evidence_fini(&evidence);
	}
}

/* Whether anything was selected. */
static bool ask(void)
{
	struct naive_question q;
	bool is_something = false;

	naive_pick(&naive, &seed, &q);
	for (size_t i = 0; i < naive.n; i++)
		is_something |= naive_selects(&q, &naive.samples[i]);
	trees_agree(&q);
	timelines_agree(&q);
	shares_agree(&q);
	traces_agree(&q);
	evidence_agrees(&q);
	naive_drop(&q);
	return is_something;
}

static void all_say_the_same(void **state)
{
	unsigned questions = 0, answered = 0;
	size_t n = 0;

	for (unsigned round = 1; round <= ROUNDS; round++) {
		time_t end = time(NULL) + 1 + (time_t)seconds / ROUNDS;

		for (; n < round * ENTRIES / ROUNDS; n++)
			push(&entries[n]);
		tend();
		do {
			answered += ask();
			questions++;
		} while (time(NULL) < end);
	}
	print_message("%u questions, %u about something\n", questions, answered);
	assert_true(answered > 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(all_say_the_same) };

	if (argc > 1)
		seed = (uint32_t)strtoul(argv[1], NULL, 10);
	else if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		seed = 1;
	seed |= 1; /* of a shift register 0 is the end */
	if (argc > 2)
		seconds = (unsigned)strtoul(argv[2], NULL, 10);
	print_message("seed %u\n", seed);
	return cmocka_run_group_tests(tests, start, stop);
}
