/* test_truth: the line says what is there, the warnings what the reader must not miss. */
#include "testing.h"

#include "render/truth.h"

static struct profile *capture(uint64_t complete, uint64_t lost)
{
	struct profile *p = profile_new();
	uint32_t stack = profile_push(p, STACK_EMPTY, profile_named(p, VIEW("main")));

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	profile_add_type(p, VIEW("cpu"), VIEW("nanoseconds"), NULL);
	if (complete)
		profile_add(p, stack, 0,
			(int64_t[]){ (int64_t)complete, (int64_t)complete * 10101010 });
	p->accounting = (struct accounting){ .known = true,
		.attempted = complete + lost,
		.complete = complete,
		.idle_ticks = 29,
		.all_ticks = 100 };
	p->accounting.lost[LOST_RING_FULL] = lost;
	return p;
}

static void assert_line(const struct profile *p, const char *text)
{
	BUF_AUTO out = { 0 };

	truth_line(p, &out);
	assert_view_equal(buf_view(&out), text);
}

static void assert_warnings(const struct profile *p, const char *text)
{
	BUF_AUTO out = { 0 };

	truth_warnings(p, &out);
	assert_view_equal(buf_view(&out), text);
	assert_int_equal(truth_of(p).needs_attention, text[0] != 0);
}

static void one_line_holds_it_all(void **state)
{
	PROFILE_AUTO p = capture(2967, 3);

	p->duration_ns = 30000000000;
	assert_line(p, "2,967 samples · 99.9 % complete · 3 lost (ring full) · 30 s · busy 71 %");
	assert_warnings(p, "");
}

static void long_times_are_told_in_their_own_units(void **state)
{
	static const struct {
		int64_t seconds;
		const char *line;
	} known[] = { { 119, "100 samples · 100 % complete · 119 s · busy 71 %" },
		{ 1800, "100 samples · 100 % complete · 30 min · busy 71 %" },
		{ 9000, "100 samples · 100 % complete · 2.5 h · busy 71 %" },
		{ 259200, "100 samples · 100 % complete · 3 d · busy 71 %" } };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		PROFILE_AUTO p = capture(100, 0);

		p->duration_ns = known[i].seconds * 1000000000;
		assert_line(p, known[i].line);
	}
}

static void several_reasons_are_counted_apart(void **state)
{
	PROFILE_AUTO p = capture(900, 0);

	p->accounting.attempted = 1000;
	p->accounting.truncated[TRUNCATED_DEPTH] = 60;
	p->accounting.truncated[TRUNCATED_NO_TABLE] = 40;
	assert_line(p,
		"900 samples · 90 % complete · 100 truncated (depth 60, no table 40) · busy 71 %");
	assert_warnings(p,
		"10 % of the samples have no complete stack: 100 truncated (depth 60, no table 40)."
		" They are drawn under \"[truncated: …]\".\n");
}

static void a_profile_from_elsewhere_claims_nothing(void **state)
{
	PROFILE_AUTO p = profile_new();

	profile_add_type(p, VIEW("inuse_space"), VIEW("bytes"), NULL);
	profile_add(p, STACK_EMPTY, 0, (int64_t[]){ 5 });
	assert_line(p, "1 stack");
	assert_warnings(p, "");
}

static void few_samples_are_told_with_what_that_means(void **state)
{
	PROFILE_AUTO p = capture(14, 0);

	assert_warnings(
		p, "Only 14 samples: a share of 50 % is really 27–73 %. Record for longer.\n");
}

static void an_idle_host_is_told(void **state)
{
	PROFILE_AUTO p = capture(500, 0);

	p->accounting.whole_host = true;
	p->accounting.idle_ticks = 96;
	assert_warnings(p,
		"This host was 96 % idle: what you see is the other 4.0 %. Record while there is"
		" work.\n");
}

static void nothing_at_all_is_told(void **state)
{
	PROFILE_AUTO p = capture(0, 0);

	assert_line(p, "0 samples · busy 71 %");
	assert_warnings(p, "No samples: nothing that was watched used a CPU in this time.\n");
}

static void assert_share(double share, const char *text)
{
	BUF_AUTO out = { 0 };

	truth_add_share(&out, share);
	assert_view_equal(buf_view(&out), text);
}

static void all_and_nothing_are_said_only_where_they_are_so(void **state)
{
	assert_share(1, "100 %");
	assert_share(0.99999, ">99.9 %");
	assert_share(0.998, "99.8 %");
	assert_share(0.5, "50 %");
	assert_share(0.042, "4.2 %");
	assert_share(0.0001, "<0.1 %");
	assert_share(0, "0 %");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_line_holds_it_all),
		cmocka_unit_test(long_times_are_told_in_their_own_units),
		cmocka_unit_test(several_reasons_are_counted_apart),
		cmocka_unit_test(a_profile_from_elsewhere_claims_nothing),
		cmocka_unit_test(few_samples_are_told_with_what_that_means),
		cmocka_unit_test(an_idle_host_is_told),
		cmocka_unit_test(nothing_at_all_is_told),
		cmocka_unit_test(all_and_nothing_are_said_only_where_they_are_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
