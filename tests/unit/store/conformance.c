/* conformance: what every store does, asked of one. */
#include "testing.h"

#include "store/conformance.h"

#include <stdlib.h>

#include "store/spelled.h"

static struct store *(*open_new)(void);

/* A profile of one service with stacks a;b 1+n and a 2. */
void conformance_make(struct conformance_entry *e, const char *pod, int64_t second, int64_t n)
{
	struct profile *p = profile_new();
	uint32_t a = profile_push(p, 0, profile_named(p, VIEW("a")));
	int64_t one = 1 + n, two = 2;

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	profile_add(p, profile_push(p, a, profile_named(p, VIEW("b"))), 0, &one);
	profile_add(p, a, 0, &two);
	p->time_ns = WORKLOAD_START + second * WORKLOAD_SECOND;
	p->duration_ns = 10 * WORKLOAD_SECOND;
	e->profile = p;
	e->labels[0] = (struct store_label){ VIEW("pod"), view_of(pod) };
	e->labels[1] = (struct store_label){ VIEW("service_name"), VIEW("inventory") };
	e->entry = (struct store_entry){
		.name = VIEW("cpu"), .labels = { e->labels, 2 }, .profile = p
	};
	memcpy(e->entry.id, &second, sizeof(second));
}

int conformance_put(struct store *store, const char *pod, int64_t second, int64_t n)
{
	struct conformance_entry e;
	int rc;

	conformance_make(&e, pod, second, n);
	rc = workload_append(store, &e.entry, 1, NULL);
	profile_free(e.profile);
	return rc;
}

/* One whose samples are of trace 1, `length` seconds long. */
static void conformance_put_trace(struct store *store, int64_t second, int64_t length)
{
	struct conformance_entry e;
	struct label label = { 0 };

	conformance_make(&e, "p1", second, 0);
	label.key = profile_string(e.profile, VIEW("trace_id"));
	label.str = profile_string(e.profile, VIEW("00000000000000000000000000000001"));
	for (size_t i = 0; i < e.profile->n_samples; i++)
		e.profile->samples[i].labels = profile_labels(e.profile, &label, 1);
	e.profile->duration_ns = length * WORKLOAD_SECOND;
	assert_int_equal(workload_append(store, &e.entry, 1, NULL), 0);
	profile_free(e.profile);
}

static const struct store_type conformance_type = { { "cpu", 3 }, { "samples", 7 }, { "count", 5 },
	{ "", 0 }, { "", 0 } };

struct conformance_seen {
	int64_t total, sum, last_begin;
	uint64_t last_series;
	uint32_t n_profiles, n_parts, n_series;
	char spelled[256];
};

static int conformance_part(void *owner, const struct store_part *part)
{
	struct conformance_seen *seen = owner;

	if (seen->n_parts++ > 0 && seen->last_series == part->series->id)
		assert_true(part->begin_ns >= seen->last_begin);
	else
		seen->n_series++;
	seen->last_series = part->series->id;
	seen->last_begin = part->begin_ns;
	seen->total += part->total;
	seen->n_profiles += part->n_profiles;
	for (size_t i = 0; part->dictionary && i < part->n; i++) {
		BUF_AUTO text = { 0 };

		assert_true(i == 0 || part->span_of || part->stacks[i] > part->stacks[i - 1]);
		seen->sum += part->values[i];
		spelled_known(part->dictionary, part->stacks[i], &text);
		buf_add_char(&text, '\0');
		if (!strstr(seen->spelled, text.at))
			strncat(seen->spelled, text.at,
				sizeof(seen->spelled) - strlen(seen->spelled) - 1);
	}
	return 0;
}

static struct conformance_seen conformance_scan(
	struct store *store, struct store_scan scan, struct store_select select)
{
	struct conformance_seen seen = { 0 };

	scan.select = &select;
	scan.part = conformance_part;
	scan.owner = &seen;
	assert_int_equal(store_scan(store, &scan, NULL), 0);
	return seen;
}

static struct store_select conformance_window(int64_t from, int64_t to)
{
	return (struct store_select){ .type = conformance_type,
		.from_ns = WORKLOAD_START + from * WORKLOAD_SECOND,
		.to_ns = WORKLOAD_START + to * WORKLOAD_SECOND };
}

static void what_is_appended_is_found(void **state)
{
	struct store *store = open_new();
	struct conformance_seen seen;

	for (int i = 0; i < 6; i++)
		assert_int_equal(conformance_put(store, i % 2 ? "p1" : "p2", i * 10, i), 0);
	seen = conformance_scan(
		store, (struct store_scan){ .detail = STORE_STACKS }, conformance_window(0, 60));
	assert_int_equal(seen.total, 6 * 3 + 15);
	assert_int_equal(seen.sum, seen.total);
	assert_int_equal(seen.n_profiles, 6);
	assert_int_equal(seen.n_series, 2);
	assert_non_null(strstr(seen.spelled, "b@:0, ;a@:0, ;"));
	store_close(store);
}

static void a_window_has_its_beginning_and_not_its_end(void **state)
{
	struct store *store = open_new();
	struct conformance_seen seen;

	for (int i = 0; i < 6; i++)
		assert_int_equal(conformance_put(store, "p1", i * 10, 0), 0);
	seen = conformance_scan(
		store, (struct store_scan){ .detail = STORE_TOTALS }, conformance_window(10, 40));
	assert_int_equal(seen.n_profiles, 3);
	assert_int_equal(seen.total, 9);
	seen = conformance_scan(
		store, (struct store_scan){ .apart = true }, conformance_window(0, 1000));
	assert_int_equal(seen.n_parts, 6);
	seen = conformance_scan(store,
		(struct store_scan){ .detail = STORE_STACKS, .step_ns = 20 * WORKLOAD_SECOND },
		conformance_window(-10, 50));
	assert_int_equal(seen.n_parts, 3);
	assert_int_equal(seen.sum, 15);
	seen = conformance_scan(store, (struct store_scan){ 0 }, conformance_window(40, 10));
	assert_int_equal(seen.n_parts, 0);
	store_close(store);
}

/* What is asked for by its trace is in the range if some of its profile is. */
static void a_trace_is_found_within_its_profile(void **state)
{
	static const uint8_t traces[1][16] = { { [15] = 1 } };
	struct store *store = open_new();
	struct store_scan scan = { .apart = true, .step_ns = 2 * WORKLOAD_SECOND };
	static const struct {
		int64_t from, to;
		uint32_t n_begin, n_meet;
	} windows[] = { { 3, 4, 0, 1 }, { 9, 10, 0, 1 }, { 10, 11, 0, 0 }, { -5, 0, 0, 0 },
		{ -5, 1, 1, 1 }, { 10003, 10004, 0, 1 }, { 13599, 13600, 0, 1 },
		{ 13601, 13602, 0, 0 }, { 2, 10002, 1, 2 } };

	conformance_put_trace(store, 0, 10);
	conformance_put_trace(store, 10000, 7200); /* found within an hour */
	for (size_t i = 0; i < sizeof(windows) / sizeof(windows[0]); i++) {
		struct store_select select = conformance_window(windows[i].from, windows[i].to);

		assert_int_equal(
			conformance_scan(store, scan, select).n_profiles, windows[i].n_begin);
		select.traces = traces;
		select.n_traces = 1;
		assert_int_equal(
			conformance_scan(store, scan, select).n_profiles, windows[i].n_meet);
	}
	store_close(store);
}

static void the_same_again_is_kept_once(void **state)
{
	struct store *store = open_new();
	struct store_figures figures;
	struct conformance_entry e[2];

	for (int i = 0; i < 3; i++)
		assert_int_equal(conformance_put(store, "p1", 10, 0), 0);
	conformance_make(&e[0], "p1", 20, 0);
	conformance_make(&e[1], "p1", 20, 0);
	assert_int_equal(
		workload_append(store, (struct store_entry[]){ e[0].entry, e[1].entry }, 2, NULL),
		0);
	profile_free(e[0].profile);
	profile_free(e[1].profile);
	assert_int_equal(conformance_put(store, "p2", 10, 0), 0);
	store_figures(store, &figures);
	assert_int_equal(figures.duplicates, 3);
	assert_int_equal(
		conformance_scan(store, (struct store_scan){ 0 }, conformance_window(0, 100)).total,
		9);
	store_close(store);
}

static void matchers_choose_series(void **state)
{
	struct store *store = open_new();
	struct matcher matcher = {
		.name = VIEW("pod"), .value = VIEW("p[12]"), .op = MATCHER_LIKE
	};
	struct store_select select = conformance_window(0, 100);

	for (int i = 0; i < 4; i++)
		assert_int_equal(conformance_put(store,
					 (const char *[]){ "p1", "p2", "p3", "p4" }[i], 10, i),
			0);
	assert_int_equal(matcher_init(&matcher, NULL), 0);
	select.matchers = &matcher;
	select.n_matchers = 1;
	assert_int_equal(conformance_scan(store, (struct store_scan){ 0 }, select).total, 3 + 4);
	matcher_fini(&matcher);
	matcher = (struct matcher){ .name = VIEW("zone"), .value = VIEW(""), .op = MATCHER_IS };
	assert_int_equal(conformance_scan(store, (struct store_scan){ 0 }, select).n_series, 4);
	matcher.op = MATCHER_IS_NOT;
	assert_int_equal(conformance_scan(store, (struct store_scan){ 0 }, select).n_series, 0);
	select.n_matchers = 0;
	select.tenant = VIEW("other");
	assert_int_equal(conformance_scan(store, (struct store_scan){ 0 }, select).n_series, 0);
	store_close(store);
}

static int conformance_text(void *owner, struct view text)
{
	struct buf *out = owner;

	buf_add_view(out, text);
	buf_add_char(out, ' ');
	return 0;
}

static int conformance_type_found(void *owner, const struct store_type *type)
{
	conformance_text(owner, type->name);
	return conformance_text(owner, type->type);
}

static void names_and_values_come_sorted(void **state)
{
	struct store *store = open_new();
	struct store_select select = conformance_window(0, 100);
	BUF_AUTO out = { 0 };

	select.type = (struct store_type){ 0 };
	assert_int_equal(conformance_put(store, "p2", 10, 0), 0);
	assert_int_equal(conformance_put(store, "p1", 10, 0), 0);
	assert_int_equal(conformance_put(store, "p0", 5 * 86400, 0), 0);
	assert_int_equal(store_find_names(store, &select, conformance_text, &out, NULL), 0);
	select.label = VIEW("pod");
	assert_int_equal(store_find_values(store, &select, conformance_text, &out, NULL), 0);
	select.label = VIEW("none");
	assert_int_equal(store_find_values(store, &select, conformance_text, &out, NULL), 0);
	assert_int_equal(store_find_types(store, &select, conformance_type_found, &out, NULL), 0);
	assert_view_equal(buf_view(&out), "pod service_name p1 p2 cpu samples ");
	store_close(store);
}

static int conformance_stop(void *owner, const struct store_part *part)
{
	return ++*(int *)owner == 2 ? 42 : 0;
}

static void who_asks_may_stop(void **state)
{
	struct store *store = open_new();
	struct store_select select = conformance_window(0, 100);
	int n = 0;
	struct store_scan scan = {
		.select = &select, .apart = true, .part = conformance_stop, .owner = &n
	};

	for (int i = 0; i < 5; i++)
		assert_int_equal(conformance_put(store, "p1", i, 0), 0);
	assert_int_equal(store_scan(store, &scan, NULL), 42);
	assert_int_equal(n, 2);
	store_close(store);
}

static void what_cannot_be_kept_is_refused_whole(void **state)
{
	struct store *store = open_new();
	struct conformance_entry good, bad;
	struct err err;

	conformance_make(&good, "p1", 1, 0);
	conformance_make(&bad, "p1", 2, 0);
	bad.profile->time_ns = 0;
	assert_int_equal(
		workload_append(store, (struct store_entry[]){ good.entry, bad.entry }, 2, &err),
		ERR_USAGE);
	bad.profile->time_ns = 1;
	bad.labels[0].name = VIEW("z");
	assert_int_equal(
		workload_append(store, (struct store_entry[]){ good.entry, bad.entry }, 2, &err),
		ERR_USAGE);
	assert_int_equal(
		conformance_scan(store, (struct store_scan){ 0 }, conformance_window(0, 10))
			.n_parts,
		0);
	profile_free(good.profile);
	profile_free(bad.profile);
	store_close(store);
}

int conformance_run(struct store *(*open)(void))
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_appended_is_found),
		cmocka_unit_test(a_window_has_its_beginning_and_not_its_end),
		cmocka_unit_test(a_trace_is_found_within_its_profile),
		cmocka_unit_test(the_same_again_is_kept_once),
		cmocka_unit_test(matchers_choose_series),
		cmocka_unit_test(names_and_values_come_sorted),
		cmocka_unit_test(who_asks_may_stop),
		cmocka_unit_test(what_cannot_be_kept_is_refused_whole),
	};

	open_new = open;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
