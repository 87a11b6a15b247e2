/*
 * bench_unwind: how fast unwind tables are built, how small they are, and how fast stacks are
 * walked.
 *
 *     bench_unwind [BUILD [FILE…]]
 *
 * Tables: for each file (large ones of Debian by default, where they exist) CPU time to build,
 * rows, and bytes a row of everything that the kernel holds for them.
 * Walks: one stack 60 calls deep without frame pointers, walked from its registers and a copy of it
 * by us and by elfutils, and in place by libgcc's backtrace(); in turns, medians.
 */
#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <execinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

#include "../tests/unit/unwind/test_space.h"
#include "base/clock.h"

#define ROUNDS 7
#define BUILDS 5
#define DEPTH 60
#define FRAMES_MAX 256
#define WALKS 20000
#define WALKS_ELFUTILS 200 /* a round of the slow one */
#define SLICE_MAX ((size_t)1 << 16)

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double median(double *values, size_t n)
{
	qsort(values, n, sizeof(*values), by_value);
	return values[n / 2];
}

/* --- tables --- */

static void bench_table(struct test_space *space, const char *path)
{
	struct unwind_space_place place = { 0 };
	struct unwind_table table;
	struct object *object;
	double ms[BUILDS];

	if (object_open(path, &object, NULL) < 0)
		return;
	for (int i = 0; i < BUILDS; i++) {
		uint64_t start = clock_process_cpu_ns();

		if (unwind_table_build(object, &table, NULL) < 0) {
			object_unref(object);
			return;
		}
		ms[i] = (double)(clock_process_cpu_ns() - start) / 1e6;
		if (i + 1 < BUILDS)
			unwind_table_fini(&table);
	}
	unwind_space_add(space->space, &table, &place, NULL);
	printf("%-46s %8.1f %9zu %8zu %6zu %8.2f\n", path, median(ms, BUILDS),
		table.stats.functions, table.n_rows, table.n_rules,
		(double)(table.n_rows * sizeof(struct unwind_row) +
			 table.n_pages * sizeof(struct unwind_page)) /
			(double)table.n_rows);
	unwind_table_fini(&table);
	object_unref(object);
}

static void bench_tables(char **files)
{
	static char *usual[] = { "/lib/x86_64-linux-gnu/libc.so.6",
		"/usr/lib/x86_64-linux-gnu/libstdc++.so.6", "/usr/bin/python3.11", "/usr/bin/node",
		"/usr/lib/x86_64-linux-gnu/libcrypto.so.3",
		"/usr/lib/x86_64-linux-gnu/libLLVM-14.so.1",
		"/usr/lib/x86_64-linux-gnu/libclang-cpp.so.14", "/usr/lib/go-1.19/bin/go",
		"/usr/lib/jvm/java-17-openjdk-amd64/lib/server/libjvm.so", NULL };
	struct test_space *space = test_space_new();
	struct unwind_space_stats stats;

	printf("%-46s %8s %9s %8s %6s %8s\n", "tables", "CPU ms", "functions", "rows", "rules",
		"B/row");
	for (char **file = *files ? files : usual; *file; file++)
		bench_table(space, *file);
	unwind_space_get_stats(space->space, &stats);
	printf("together: %zu rows, %zu rules, %zu shards: %.2f bytes a row with pages, rules and "
	       "what "
	       "is unfilled\n\n",
		stats.rows, stats.rules, stats.shards,
		(double)(stats.row_bytes + stats.pages * sizeof(struct unwind_page) +
			 stats.rules * sizeof(struct unwind_rule)) /
			(double)stats.rows);
	unwind_space_free(space->space);
	free(space);
}

/* --- walks --- */

static struct {
	struct test_space *space;
	struct unwind_walk walk;
	struct stackwalk_slice slice;
	char copy[SLICE_MAX];
	Dwfl *dwfl;
	size_t frames[3]; /* that each walker found */
	double ns[3][ROUNDS];
} bench;

static uint64_t stack_end(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	uint64_t start, end, found = 0;
	char line[512];

	while (maps && fgets(line, sizeof(line), maps))
		if (strstr(line, "[stack]") && sscanf(line, "%lx-%lx", &start, &end) == 2)
			found = end;
	if (maps)
		fclose(maps);
	return found;
}

static void take_sample(const ucontext_t *context)
{
	static const int order[UNWIND_REGS] = { REG_R8, REG_R9, REG_R10, REG_R11, REG_R12, REG_R13,
		REG_R14, REG_R15, REG_RDI, REG_RSI, REG_RBP, REG_RBX, REG_RDX, REG_RAX, REG_RCX,
		REG_RSP, REG_RIP };
	uint64_t rsp = (uint64_t)context->uc_mcontext.gregs[REG_RSP];
	uint64_t len = stack_end() - rsp;

	for (int i = 0; i < UNWIND_REGS; i++)
		bench.walk.regs[i] = (uint64_t)context->uc_mcontext.gregs[order[i]];
	bench.slice =
		(struct stackwalk_slice){ bench.copy, rsp, len < SLICE_MAX ? len : SLICE_MAX };
	memcpy(bench.copy, (const void *)rsp, bench.slice.len);
}

static pid_t next_thread(Dwfl *dwfl, void *arg, void **thread_arg)
{
	if (*thread_arg)
		return 0;
	*thread_arg = arg;
	return getpid();
}

static bool read_slice(Dwfl *dwfl, Dwarf_Addr address, Dwarf_Word *result, void *arg)
{
	uint64_t offset = address - bench.slice.address;

	if (offset > bench.slice.len || bench.slice.len - offset < sizeof(*result))
		return false;
	memcpy(result, bench.copy + offset, sizeof(*result));
	return true;
}

static bool set_registers(Dwfl_Thread *thread, void *arg)
{
	static const int dwarf_order[17] = { UNWIND_RAX, UNWIND_RDX, UNWIND_RCX, UNWIND_RBX,
		UNWIND_RSI, UNWIND_RDI, UNWIND_RBP, UNWIND_RSP, UNWIND_R8, UNWIND_R9, UNWIND_R10,
		UNWIND_R11, UNWIND_R12, UNWIND_R13, UNWIND_R14, UNWIND_R15, UNWIND_RIP };
	Dwarf_Word regs[17];

	for (int i = 0; i < 17; i++)
		regs[i] = bench.walk.regs[dwarf_order[i]];
	return dwfl_thread_state_registers(thread, 0, 17, regs);
}

static int count_frame(Dwfl_Frame *frame, void *arg)
{
	Dwarf_Addr pc;

	*(size_t *)arg += dwfl_frame_pc(frame, &pc, NULL);
	return DWARF_CB_OK;
}

static bool open_dwfl(void)
{
	static const Dwfl_Callbacks callbacks = { .find_elf = dwfl_linux_proc_find_elf,
		.find_debuginfo = dwfl_standard_find_debuginfo };
	static const Dwfl_Thread_Callbacks threads = { .next_thread = next_thread,
		.memory_read = read_slice,
		.set_initial_registers = set_registers };

	bench.dwfl = dwfl_begin(&callbacks);
	return bench.dwfl && dwfl_linux_proc_report(bench.dwfl, getpid()) == 0 &&
	       dwfl_report_end(bench.dwfl, NULL, NULL) == 0 &&
	       dwfl_attach_state(bench.dwfl, NULL, getpid(), &threads, &bench);
}

static void walk_ours(void)
{
	uint64_t addresses[FRAMES_MAX];
	struct stackwalk_frames frames = { addresses, FRAMES_MAX, 0 };

	stackwalk_start(&bench.walk, &bench.space->tables);
	if (stackwalk_run(&bench.walk, &bench.space->tables, &bench.slice, &frames) !=
		UNWIND_COMPLETE)
		printf("our walk is not complete\n");
	bench.frames[0] = frames.count;
}

static void walk_elfutils(void)
{
	size_t frames = 0;

	dwfl_getthread_frames(bench.dwfl, getpid(), count_frame, &frames);
	bench.frames[1] = frames;
}

static void walk_libgcc(void)
{
	void *addresses[FRAMES_MAX];

	bench.frames[2] = (size_t)backtrace(addresses, FRAMES_MAX);
}

static void measure(unsigned which, void (*walk)(void), unsigned count, int round)
{
	uint64_t start = clock_process_cpu_ns();

	for (unsigned i = 0; i < count; i++)
		walk();
	bench.ns[which][round] = (double)(clock_process_cpu_ns() - start) / count /
				 (double)(bench.frames[which] ? bench.frames[which] : 1);
}

static void at_the_bottom(void)
{
	ucontext_t context;

	getcontext(&context);
	take_sample(&context);
	walk_ours();
	walk_elfutils();
	walk_libgcc();
	for (int round = 0; round < ROUNDS; round++) {
		measure(0, walk_ours, WALKS, round);
		measure(1, walk_elfutils, WALKS_ELFUTILS, round);
		measure(2, walk_libgcc, WALKS, round);
	}
}

static __attribute__((noinline, noclone)) int descend(int depth, int x)
{
	volatile int pad[12];

	pad[x % 12] = x;
	if (depth == 0)
		at_the_bottom();
	else
		pad[0] = descend(depth - 1, x * 5 % 12);
	return pad[x % 12] + depth;
}

static void bench_walks(void)
{
	static const char *const names[] = { "Flyover", "elfutils", "libgcc, in place" };

	bench.space = test_space_of(getpid());
	if (!open_dwfl())
		printf("elfutils cannot look at this process\n");
	descend(DEPTH, 3);
	printf("%-20s %8s %10s %8s\n", "walks", "frames", "ns/frame", "ratio");
	for (int i = 0; i < 3; i++) {
		double ns = median(bench.ns[i], ROUNDS);

		printf("%-20s %8zu %10.1f %8.1f\n", names[i], bench.frames[i], ns,
			ns / bench.ns[0][ROUNDS / 2]);
	}
	dwfl_end(bench.dwfl);
	test_space_free(bench.space);
}

int main(int argc, char **argv)
{
	bench_tables(argc > 2 ? argv + 2 : (char *[]){ NULL });
	bench_walks();
	return 0;
}
