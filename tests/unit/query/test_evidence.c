/* test_evidence: a selection says how many samples it has, how whole they are, and from where. */
#include "testing.h"

#include "query/evidence.h"
#include "query/kept_profiles.h"

static struct store *store;

/* What an agent says of its own sampling; see agent/capture.h. */
static void add_capture(const char *host, const char *folded)
{
	struct store_label labels[] = { { VIEW("host"), view_of(host) },
		{ VIEW("service_name"), VIEW("flyover") } };
	PROFILE_AUTO both = kept_profile(folded);
	PROFILE_AUTO profile = profile_new();
	struct store_entry entry = {
		.name = VIEW("capture"), .labels = { labels, 2 }, .profile = profile
	};

	profile_add_type(profile, VIEW("samples"), VIEW("count"), NULL);
	profile->period_type = profile->types[0];
	profile->time_ns = KEPT_START;
	profile->duration_ns = 10 * WORKLOAD_SECOND;
	for (size_t i = 0; i < both->n_samples; i++) {
		uint32_t stack = both->samples[i].stack, parent = both->stacks.nodes[stack].parent;
		uint32_t id = STACK_EMPTY;

		for (unsigned k = parent ? 0 : 1; k < 2; k++) {
			const struct location *location =
				&both->locations[both->stacks.nodes[k ? stack : parent].location];
			const struct function *function =
				&both->functions[both->lines[location->first_line].function];

			id = profile_push(profile, id,
				profile_named(profile, profile_text(both, function->name)));
		}
		profile_add(profile, id, 0, &both->values[2 * i]);
	}
	memcpy(entry.id, host, 1);
	assert_int_equal(workload_append(store, &entry, 1, NULL), 0);
}

static int start(void **state)
{
	assert_int_equal(store_mem_open(&store, NULL), 0);
	for (int i = 0; i < 360; i++)
		kept_add(store, (struct kept){ .host = "h1", .at_s = i * 10, .seconds = 10 },
			"main;work|3\n[truncated: depth];work|1");
	for (int i = 0; i < 60; i++)
		kept_add(store, (struct kept){ .host = "h2", .at_s = 600 + i * 10, .seconds = 10 },
			"main;work|2\n[truncated: storm];work|1");
	add_capture("h1", "complete|80\ntruncated;depth|15\nlost;ring_full|5\nidle|300");
	add_capture("h2", "complete|20\nidle|80");
	add_capture("h3", "complete|1000");
	return 0;
}

static int stop(void **state)
{
	store_close(store);
	return 0;
}

static void samples_are_counted_by_how_whole_they_are(void **state)
{
	struct store_select select = kept_select();
	struct evidence evidence;
	struct accounting a;

	select.type = workload_type(1); /* of what else is asked, samples count */
	assert_int_equal(evidence_gather(store, &select, &evidence, NULL), 0);
	assert_int_equal(evidence.profiles, 420);
	assert_int_equal(evidence.series, 2);
	assert_int_equal(evidence.total, 10 * (360 * 4 + 60 * 3));
	assert_true(evidence.has_samples);
	assert_int_equal(evidence.samples, 360 * 4 + 60 * 3);
	assert_int_equal(evidence.truncated[TRUNCATED_DEPTH], 360);
	assert_int_equal(evidence.truncated_otherwise, 60);
	a = evidence_accounting(&evidence);
	assert_true(a.known && accounting_balances(&a));
	assert_int_equal(a.complete, 360 * 3 + 60 * 2);
	assert_int_equal(a.idle_ticks, 380);
	evidence_fini(&evidence);
}

static void hosts_say_when_they_were_there(void **state)
{
	struct store_select select = kept_select();
	struct evidence evidence;

	assert_int_equal(evidence_gather(store, &select, &evidence, NULL), 0);
	assert_int_equal(evidence.n_hosts, 2);
	assert_int_equal(evidence.n_steps, 240);
	assert_view_equal(evidence.hosts[0].host, "h1");
	assert_int_equal(evidence.hosts[0].n_seen, 240);
	assert_view_equal(evidence.hosts[1].host, "h2");
	assert_int_equal(evidence.hosts[1].n_seen, 40);
	assert_true(evidence.hosts[1].begin_ns == KEPT_START + 600 * WORKLOAD_SECOND);
	assert_true(evidence.hosts[1].end_ns == KEPT_START + 1200 * WORKLOAD_SECOND);
	assert_false(evidence.hosts[1].seen[0] & 1);
	evidence_fini(&evidence);
}

static void the_sampling_of_those_hosts_is_told(void **state)
{
	struct store_select select = kept_select();
	struct evidence evidence;

	assert_int_equal(evidence_gather(store, &select, &evidence, NULL), 0);
	assert_true(evidence.capture.known && accounting_balances(&evidence.capture));
	assert_int_equal(evidence.capture_hosts, 2); /* not the third, of which nothing is here */
	assert_int_equal(evidence.capture.attempted, 120);
	assert_int_equal(evidence.capture.complete, 100);
	assert_int_equal(evidence.capture.truncated[TRUNCATED_DEPTH], 15);
	assert_int_equal(evidence.capture.lost[LOST_RING_FULL], 5);
	assert_int_equal(evidence.capture.idle_ticks, 380);
	assert_int_equal(evidence.capture.all_ticks, 500);
	evidence_fini(&evidence);
}

static void nothing_has_no_evidence(void **state)
{
	struct store_select select = kept_select();
	struct evidence evidence;

	select.from_ns -= 7200 * WORKLOAD_SECOND;
	select.to_ns = KEPT_START - 3600 * WORKLOAD_SECOND;
	assert_int_equal(evidence_gather(store, &select, &evidence, NULL), 0);
	assert_int_equal(evidence.n_hosts, 0);
	assert_false(evidence_accounting(&evidence).known);
	evidence_fini(&evidence);
	select.to_ns = select.from_ns;
	assert_int_equal(evidence_gather(store, &select, &evidence, NULL), ERR_USAGE);
	evidence_fini(&evidence);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(samples_are_counted_by_how_whole_they_are),
		cmocka_unit_test(hosts_say_when_they_were_there),
		cmocka_unit_test(the_sampling_of_those_hosts_is_told),
		cmocka_unit_test(nothing_has_no_evidence),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
