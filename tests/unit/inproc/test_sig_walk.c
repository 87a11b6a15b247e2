/* test_sig_walk: stacks of this very process, good ones and damaged ones. */
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "inproc/own_space.h"
#include "inproc/sig_walk.h"
#include "inproc/stackbounds.h"
#include "testing.h"

#define DEPTH 30
#define FRAMES_MAX 200

static struct own_space *space;
static struct stackwalk_tables tables;
static struct sig_walk walk;
static uint64_t frames[FRAMES_MAX];
static size_t n_frames;
static enum unwind_result result;

static void walk_from(const ucontext_t *context, size_t max)
{
	int unmapped = 0;

	for (int i = 0; i < UNWIND_REGS; i++)
		walk.walk.regs[i] = (uint64_t)context->uc_mcontext.gregs[i];
	walk.tables = &tables;
	result = sig_walk_run(&walk, frames, max, &n_frames, &unmapped);
}

static void handle(int number, siginfo_t *info, void *context)
{
	walk_from(context, FRAMES_MAX);
}

static int count_in(int (*function)(int), size_t size)
{
	int n = 0;

	for (size_t i = 0; i < n_frames; i++)
		n += frames[i] - (uint64_t)(uintptr_t)function < size;
	return n;
}

/* Without frame pointers, as the tests are built with optimisation: only tables lead through. */
__attribute__((
	noinline, optimize("omit-frame-pointer"), no_sanitize("address", "undefined"))) static int
dive(int left)
{
	volatile char room[64];
	int below;

	room[left] = 1;
	below = left ? dive(left - 1) : raise(SIGUSR1);
	return below + room[left] - 1;
}

static void dive_under_handler(void)
{
	struct sigaction action = { .sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_ONSTACK };

	sigaction(SIGUSR1, &action, NULL);
	dive(DEPTH);
}

static void every_frame_up_to_the_first_is_found(void **state)
{
	walk = (struct sig_walk){ 0 };
	dive_under_handler();
	assert_int_equal(result, UNWIND_COMPLETE);
	assert_int_equal(count_in(dive, 256), DEPTH + 1);
	assert_true(walk.probes > 0); /* nothing was known of the stack */
}

static void a_known_stack_needs_no_system_call(void **state)
{
	walk = (struct sig_walk){ 0 };
	assert_true(stackbounds_of_self((struct stackbounds *)&walk.stack));
	dive_under_handler();
	assert_int_equal(result, UNWIND_COMPLETE);
	assert_int_equal(count_in(dive, 256), DEPTH + 1);
	assert_int_equal(walk.probes, 0);
}

static void what_is_remembered_is_what_was_found(void **state)
{
	static struct sig_walk_memory memory;
	uint64_t first[FRAMES_MAX];
	size_t n;

	for (int round = 0; round < 2; round++) {
		walk = (struct sig_walk){ .memory = &memory };
		dive_under_handler();
		assert_int_equal(result, UNWIND_COMPLETE);
		assert_int_equal(count_in(dive, 256), DEPTH + 1);
		if (round == 0) {
			n = n_frames;
			memcpy(first, frames, sizeof(first));
		}
	}
	assert_int_equal(n_frames, n);
	assert_memory_equal(first, frames, n * sizeof(frames[0]));
}

static void on_an_alternate_stack_too(void **state)
{
	stack_t alternate = { .ss_size = 1 << 16 }, none = { .ss_flags = SS_DISABLE };

	alternate.ss_sp = malloc(alternate.ss_size);
	sigaltstack(&alternate, NULL);
	walk = (struct sig_walk){ 0 };
	dive_under_handler();
	sigaltstack(&none, NULL);
	free(alternate.ss_sp);
	assert_int_equal(result, UNWIND_COMPLETE);
	assert_int_equal(count_in(dive, 256), DEPTH + 1);
}

/* Any register may hold anything; the walk ends, within its limits, and reads nothing that is not
 * there. */
static void damaged_registers_end_the_walk(void **state)
{
	static const uint64_t bad[] = { 0, 1, 8, 0xfff8, 0x7ffffffffff8, 0x800000000000,
		0xdeadbeefdeadbee8, UINT64_MAX - 7, UINT64_MAX };
	ucontext_t here, broken;
	size_t n = sizeof(bad) / sizeof(bad[0]);

	getcontext(&here);
	for (size_t i = 0; i < n * n; i++) {
		broken = here;
		broken.uc_mcontext.gregs[REG_RSP] = (greg_t)bad[i / n];
		broken.uc_mcontext.gregs[REG_RBP] = (greg_t)bad[i % n];
		walk_from(&broken, FRAMES_MAX);
		assert_int_not_equal(result, UNWIND_CONTINUE);
		assert_true(n_frames >= 1 && n_frames < FRAMES_MAX);
	}
}

static void a_stack_of_noise_ends_before_the_unmapped_page(void **state)
{
	uint64_t *pages =
		mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ucontext_t broken;
	static uint64_t seed = 1;

	assert_true(pages != MAP_FAILED);
	munmap(pages + 512, 4096);
	getcontext(&broken);
	for (int round = 0; round < 2000; round++) {
		for (int i = 0; i < 512; i++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			/* Half of them look like code, half like stack. */
			pages[i] = i % 2 ? (uint64_t)(uintptr_t)dive + seed % 4096
					 : (uint64_t)(uintptr_t)pages + seed % 8192 / 8 * 8;
		}
		broken.uc_mcontext.gregs[REG_RSP] = (greg_t)(uintptr_t)(pages + seed % 512);
		broken.uc_mcontext.gregs[REG_RBP] = (greg_t)(uintptr_t)(pages + seed / 512 % 512);
		broken.uc_mcontext.gregs[REG_RIP] = (greg_t)(uintptr_t)dive;
		walk_from(&broken, FRAMES_MAX);
		assert_true(n_frames >= 1);
	}
	munmap(pages, 4096);
}

static void the_depth_has_a_limit(void **state)
{
	ucontext_t here;

	getcontext(&here);
	walk = (struct sig_walk){ 0 };
	walk_from(&here, 2);
	assert_int_equal(result, UNWIND_DEPTH);
	assert_int_equal(n_frames, 2);
}

static int set_up(void **state)
{
	if (own_space_new(&space, NULL) < 0 || own_space_refresh(space, NULL) < 0)
		return -1;
	tables = own_space_tables(space);
	return 0;
}

static int tear_down(void **state)
{
	own_space_free(space);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_frame_up_to_the_first_is_found),
		cmocka_unit_test(a_known_stack_needs_no_system_call),
		cmocka_unit_test(what_is_remembered_is_what_was_found),
		cmocka_unit_test(on_an_alternate_stack_too),
		cmocka_unit_test(damaged_registers_end_the_walk),
		cmocka_unit_test(a_stack_of_noise_ends_before_the_unmapped_page),
		cmocka_unit_test(the_depth_has_a_limit),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
