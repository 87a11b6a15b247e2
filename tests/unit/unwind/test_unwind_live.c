/* test_unwind_live: stacks of running code, against libgcc's unwinder and from every instruction.
 *
 * Built without frame pointers and with lazy binding. */
#include "testing.h"

#include <execinfo.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/ptrace.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "remote_walk.h"
#include "test_space.h"

#define DEPTH 60
#define FRAMES_MAX 256
#define SAMPLES 60
#define STEPS_MAX 60000
#define SLICE_MAX ((size_t)1 << 17)

#if __has_attribute(noclone) /* clang clones nothing */
#define KEEP __attribute__((noinline, noclone))
#else
#define KEEP __attribute__((noinline))
#endif

static struct test_space *plain;
static uint64_t stack_end;

static int find_stack_end(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	uint64_t start, end;
	char line[512];

	while (fgets(line, sizeof(line), maps))
		if (strstr(line, "[stack]") && sscanf(line, "%lx-%lx", &start, &end) == 2)
			stack_end = end;
	fclose(maps);
	return stack_end != 0;
}

static int load(void **state)
{
	void *warm[4];

	backtrace(warm, 4); /* loads libgcc, so that it is in the tables, too */
	plain = test_space_of(getpid());
	return find_stack_end() ? 0 : -1;
}

static int unload(void **state)
{
	test_space_free(plain);
	return 0;
}

static void set_regs(struct unwind_walk *walk, const gregset_t from)
{
	static const int order[UNWIND_REGS] = { REG_R8, REG_R9, REG_R10, REG_R11, REG_R12, REG_R13,
		REG_R14, REG_R15, REG_RDI, REG_RSI, REG_RBP, REG_RBX, REG_RDX, REG_RAX, REG_RCX,
		REG_RSP, REG_RIP };

	for (int i = 0; i < UNWIND_REGS; i++)
		walk->regs[i] = (uint64_t)from[order[i]];
}

/* What one signal saw: by our walk, and by libgcc's from inside the handler. */
static struct {
	atomic_int taken, wanted;
	atomic_int complete, equal;
	size_t deepest;
	uint64_t slice_from; /* 0: from the interrupted rsp on */
	enum unwind_result last;
} seen;

static void compare(const ucontext_t *context)
{
	static void *theirs[FRAMES_MAX];
	static uint64_t ours[FRAMES_MAX];
	struct unwind_walk walk = { 0 };
	struct stackwalk_slice slice;
	int n_theirs = backtrace(theirs, FRAMES_MAX), at = 0;
	struct stackwalk_frames frames = { ours, FRAMES_MAX, 0 };
	size_t n;

	set_regs(&walk, context->uc_mcontext.gregs);
	slice.address = seen.slice_from ? seen.slice_from : walk.regs[UNWIND_RSP];
	slice.at = (const void *)slice.address;
	slice.len = stack_end - slice.address;
	stackwalk_start(&walk, &plain->tables);
	seen.last = stackwalk_run(&walk, &plain->tables, &slice, &frames);
	n = frames.count;
	seen.complete += seen.last == UNWIND_COMPLETE;
	seen.deepest = n > seen.deepest ? n : seen.deepest;
	while (at < n_theirs && (uint64_t)theirs[at] != ours[0])
		at++;
	if ((size_t)(n_theirs - at) != n)
		return;
	for (size_t i = 1; i < n; i++)
		/* They give return addresses, and what a signal interrupted as it is. */
		if ((uint64_t)theirs[at + (int)i] - ours[i] > 1)
			return;
	seen.equal++;
}

static void on_profile(int number, siginfo_t *info, void *context)
{
	if (seen.taken >= seen.wanted)
		return;
	compare(context);
	seen.taken++;
}

static void on_nested(int number, siginfo_t *info, void *context)
{
	seen.wanted = 1;
	raise(SIGUSR2);
}

static int by_value(const void *a, const void *b)
{
	const int *x = a, *y = b;

	if (seen.wanted == 0)
		raise(SIGUSR1);
	return (*x > *y) - (*x < *y);
}

static int sort_some(void)
{
	int numbers[64];

	for (int i = 0; i < 64; i++)
		numbers[i] = i * 37 % 64;
	qsort(numbers, 64, sizeof(numbers[0]), by_value);
	return numbers[5];
}

static __attribute__((noinline)) int odd(int depth, int x);

KEEP static int even(int depth, int x)
{
	volatile int pad[16];

	pad[x & 15] = x;
	return depth == 0 ? sort_some() + pad[x & 15] : odd(depth - 1, x + 1) + pad[x & 15];
}

KEEP static int odd(int depth, int x)
{
	return depth == 0 ? sort_some() : even(depth - 1, x * 3) - x;
}

static void handle(int number, void (*handler)(int, siginfo_t *, void *), int flags)
{
	struct sigaction action = { .sa_sigaction = handler,
		.sa_flags = SA_SIGINFO | SA_RESTART | flags };

	sigaction(number, &action, NULL);
}

static void agrees_with_libgcc_wherever_a_timer_interrupts(void **state)
{
	struct itimerval often = { { 0, 1000 }, { 0, 1000 } }, never = { 0 };
	volatile int sum = 0;

	memset(&seen, 0, sizeof(seen));
	seen.wanted = SAMPLES;
	handle(SIGPROF, on_profile, 0);
	setitimer(ITIMER_PROF, &often, NULL);
	while (seen.taken < SAMPLES)
		sum += even(DEPTH, sum);
	setitimer(ITIMER_PROF, &never, NULL);
	assert_int_equal(seen.complete, SAMPLES);
	assert_int_equal(seen.equal, SAMPLES);
	assert_true(seen.deepest > DEPTH);
}

/* The alternate stack lies higher than what was interrupted: the stack pointer falls on the way. */
static void crosses_signal_frames_onto_another_stack(void **state)
{
	char alternate[32768];
	stack_t stack = { .ss_sp = alternate, .ss_size = sizeof(alternate) };
	stack_t none = { .ss_flags = SS_DISABLE };

	memset(&seen, 0, sizeof(seen));
	seen.slice_from = (uint64_t)alternate - 65536;
	assert_int_equal(sigaltstack(&stack, NULL), 0);
	handle(SIGUSR1, on_nested, SA_ONSTACK);
	handle(SIGUSR2, on_profile, SA_ONSTACK);
	even(DEPTH, 1);
	sigaltstack(&none, NULL);
	assert_int_equal(seen.taken, 1);
	assert_int_equal(seen.last, UNWIND_COMPLETE);
	assert_int_equal(seen.equal, 1);
	assert_true(seen.deepest > DEPTH);
}

/* A bit of everything: PLT, vdso, variadic calls, string functions, nested calls. */
static __attribute__((noinline)) void varied_work(void)
{
	char text[64];
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	snprintf(text, sizeof(text), "%g %s %d", 2.5, "text", even(3, 7));
	free(strdup(text));
	even(8, 3);
}

static void child(void)
{
	seen.wanted = 1; /* no signals */
	ptrace(PTRACE_TRACEME, 0, 0, 0);
	raise(SIGSTOP);
	varied_work();
	_exit(0);
}

static enum unwind_result walk_child(pid_t pid, struct stackwalk_frames *frames)
{
	static char bytes[SLICE_MAX];
	struct stackwalk_slice slice = { .at = bytes };
	struct unwind_walk walk;
	struct iovec into = { bytes, SLICE_MAX }, from;

	remote_regs(pid, &walk);
	slice.address = walk.regs[UNWIND_RSP];
	slice.len = stack_end - slice.address;
	slice.len = slice.len < SLICE_MAX ? slice.len : SLICE_MAX;
	from = (struct iovec){ (void *)slice.address, slice.len };
	into.iov_len = slice.len;
	assert_int_equal(process_vm_readv(pid, &into, 1, &from, 1, 0), slice.len);
	stackwalk_start(&walk, &plain->tables);
	return stackwalk_run(&walk, &plain->tables, &slice, frames);
}

static void step(pid_t pid, int *ret_status)
{
	ptrace(PTRACE_SINGLESTEP, pid, 0, 0);
	waitpid(pid, ret_status, 0);
}

static void reaches_the_same_root_from_every_instruction(void **state)
{
	uint64_t addresses[FRAMES_MAX], root[3] = { 0 };
	size_t steps = 0, failed = 0;
	int status;
	pid_t pid = fork();

	if (pid == 0)
		child();
	waitpid(pid, &status, 0);
	for (; WIFSTOPPED(status) && steps < STEPS_MAX; steps++) {
		struct stackwalk_frames frames = { addresses, FRAMES_MAX, 0 };
		enum unwind_result result = walk_child(pid, &frames);
		const uint64_t *top = &addresses[frames.count - 3];

		if (result == UNWIND_COMPLETE && frames.count >= 3) {
			if (!root[0])
				memcpy(root, top, sizeof(root));
			if (memcmp(root, top, sizeof(root)) == 0) {
				step(pid, &status);
				continue;
			}
		}
		if (failed++ < 5)
			print_message("step %zu: pc %lx, %zu frames, result %d\n", steps,
				addresses[0], frames.count, result);
		step(pid, &status);
	}
	if (WIFSTOPPED(status)) {
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
	}
	print_message("%zu instructions\n", steps);
	assert_true(steps > 1000);
	assert_int_equal(failed, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_libgcc_wherever_a_timer_interrupts),
		cmocka_unit_test(crosses_signal_frames_onto_another_stack),
		cmocka_unit_test(reaches_the_same_root_from_every_instruction),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
