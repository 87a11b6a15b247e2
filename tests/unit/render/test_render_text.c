/* test_render_text: the table of `pprof -top` (pprof_top compares with the real one). */
#include "testing.h"

#include "render/render_text.h"

static struct profile *service(void)
{
	struct profile *p = profile_new();
	uint32_t main_ = profile_push(p, STACK_EMPTY, profile_named(p, VIEW("main")));

	profile_add_type(p, VIEW("cpu"), VIEW("nanoseconds"), NULL);
	profile_add(p, profile_push(p, main_, profile_named(p, VIEW("regcomp"))), 0,
		(int64_t[]){ 900000000 });
	profile_add(p, profile_push(p, main_, profile_named(p, VIEW("tiny\n"))), 0,
		(int64_t[]){ 1000000 });
	profile_add(p, main_, 0, (int64_t[]){ 99000000 });
	p->duration_ns = 2000000000;
	return p;
}

static void prints_what_pprof_prints(void **state)
{
	PROFILE_AUTO p = service();
	struct render_text_options options = { .fraction_min = 0.005, .with_header = true };
	BUF_AUTO out = { 0 };

	assert_int_equal(render_text_top(p, &options, &out, NULL), 0);
	assert_view_equal(buf_view(&out),
		"Type: cpu\n"
		"Duration: 2s, Total samples = 1000ms (50.00%)\n"
		"Showing nodes accounting for 999ms, 99.90% of 1000ms total\n"
		"Dropped 1 node (cum <= 5ms)\n"
		"      flat  flat%   sum%        cum   cum%\n"
		"     900ms 90.00% 90.00%      900ms 90.00%  regcomp\n"
		"      99ms  9.90% 99.90%     1000ms   100%  main\n");
}

static void names_stay_on_their_line(void **state)
{
	PROFILE_AUTO p = service();
	struct render_text_options options = { .by_total = true };
	BUF_AUTO out = { 0 };

	assert_int_equal(render_text_top(p, &options, &out, NULL), 0);
	assert_view_equal(buf_view(&out),
		"      flat  flat%   sum%        cum   cum%\n"
		"      99ms  9.90%  9.90%     1000ms   100%  main\n"
		"     900ms 90.00% 99.90%      900ms 90.00%  regcomp\n"
		"       1ms   0.1%   100%        1ms   0.1%  tiny\u240a\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints_what_pprof_prints),
		cmocka_unit_test(names_stay_on_their_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
