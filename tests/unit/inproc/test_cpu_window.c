/* test_cpu_window: what one profile says about itself. */
#include "inproc/cpu_window.h"

#include "inproc/own_space.h"
#include "inproc/sig_cpu.h"
#include "profiled.h"

static struct own_space *space;

static struct sig_sample *sample_of(uint32_t weight, unsigned result)
{
	static uint64_t memory[64];
	struct sig_sample *sample = (struct sig_sample *)memory;

	memset(memory, 0, sizeof(memory));
	sample->values[0] = weight;
	sample->result = (uint8_t)result;
	sample->generation = own_space_generation(space);
	sample->n_frames = 1;
	sample->data[0] = (uint64_t)(uintptr_t)&sample_of;
	return sample;
}

static void what_it_counts_is_what_came_in_between(void **state)
{
	struct cpu_window_totals totals = { .ring_full = 100,
		.process_ns = 5000,
		.profiler_ns = 1000,
		.threads = { .armed = 10, .living = 4, .undelivered = 7 } };
	struct cpu_window window;
	struct profile *p;
	BUF_AUTO bytes = { 0 }, text = { 0 };

	assert_int_equal(own_space_new(&space, NULL), 0);
	assert_int_equal(own_space_refresh(space, NULL), 0);
	assert_int_equal(cpu_window_open(&window, space, 10000000, &totals, NULL), 0);
	cpu_window_take(&window, sample_of(3, UNWIND_COMPLETE));
	cpu_window_take(&window, sample_of(2, UNWIND_DEPTH));
	totals = (struct cpu_window_totals){ .ring_full = 103,
		.process_ns = 75005000,
		.profiler_ns = 5001000,
		.threads = { .armed = 12, .living = 1, .undelivered = 8 } };
	cpu_window_end(&window, &totals, 5);
	cpu_window_comment(&window, VIEW("one more line"));
	assert_int_equal(cpu_window_write(&window, &bytes, NULL), 0);
	cpu_window_close(&window);
	p = profiled_decode(buf_view(&bytes));
	assert_int_equal(p->accounting.complete, 3);
	assert_int_equal(p->accounting.truncated[TRUNCATED_DEPTH], 2);
	assert_int_equal(p->accounting.lost[LOST_RING_FULL], 8);
	assert_int_equal(p->accounting.lost[LOST_THROTTLED], 1);
	assert_int_equal(p->accounting.attempted, 14);
	assert_int_equal(profiled_total(p, "sample_of"), 5);
	for (size_t i = 0; i < p->n_comments; i++)
		buf_add_view(&text, profile_text(p, p->comments[i]));
	buf_add_char(&text, '\0');
	assert_non_null(
		strstr(text.at, "seen_ns=50000000 expected_ns=70000000 threads=6 refused=0"));
	assert_non_null(strstr(text.at, "one more line"));
	profile_free(p);
	own_space_free(space);
}

static void says(struct cpu_window *window, const char *sentence)
{
	const struct profile *p = window->own.profile;
	BUF_AUTO text = { 0 };

	for (size_t i = 0; i < p->n_comments; i++)
		buf_add_view(&text, profile_text(p, p->comments[i]));
	buf_add_char(&text, '\0');
	if (!strstr(text.at, sentence))
		fail_msg("%s", text.at);
}

static void of_the_kernel_it_says_what_is_known_or_why_not(void **state)
{
	struct cpu_window_totals totals = { .threads = { .with_event = 2, .without_event = 1 } };
	struct sig_sample *sample;
	struct cpu_window window;

	assert_int_equal(own_space_new(&space, NULL), 0);
	assert_int_equal(own_space_refresh(space, NULL), 0);
	assert_int_equal(cpu_window_open(&window, space, 10000000, &totals, NULL), 0);
	window.own.kernel = true;
	cpu_window_take(&window, sample_of(3, UNWIND_COMPLETE)); /* a timer's */
	sample = sample_of(4, UNWIND_COMPLETE);
	sample->kind = SIG_CPU_BY_EVENT;
	cpu_window_take(&window, sample);
	sample = sample_of(5, UNWIND_COMPLETE);
	sample->kind = SIG_CPU_BY_EVENT;
	sample->n_kernel = 1;
	sample->n_frames = 2;
	sample->data[1] = sample->data[0];
	sample->data[0] = 0xffffffff81000001;
	cpu_window_take(&window, sample);
	cpu_window_end(&window, &totals, 0);
	says(&window, "flyover.kernel known=9 in_kernel=5 threads=2 refused=1");
	cpu_window_close(&window);
	assert_int_equal(cpu_window_open(&window, space, 10000000, &totals, NULL), 0);
	window.own.kernel = true;
	cpu_window_say_no_kernel(&window, "it takes more");
	cpu_window_end(&window, &totals, 0);
	says(&window, "flyover.kernel no kernel frames: it takes more");
	cpu_window_close(&window);
	own_space_free(space);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_it_counts_is_what_came_in_between),
		cmocka_unit_test(of_the_kernel_it_says_what_is_known_or_why_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
