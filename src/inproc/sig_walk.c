/* sig_walk: walks the stack that a signal interrupted, in this very process. */
#include "inproc/sig_walk.h"

#include "inproc/sig_page.h"

#define PAGE 4096u
#define RED_ZONE 128u
#define USER_END ((uint64_t)1 << 47)

/* The interrupted program's memory may be marked as out of bounds by a sanitizer; it is not ours.
 */
#define READS_OTHERS_MEMORY __attribute__((no_sanitize("address", "undefined")))

/* Extends the tried range by the page if they touch, or begins another. */
static int try_page(struct sig_walk *s, uint64_t page)
{
	if (page - s->tried_low < s->tried_high - s->tried_low)
		return 1;
	if (s->probes++ >= SIG_WALK_PROBES_MAX || page >= USER_END || !sig_page_is_there(page))
		return 0;
	if (page == s->tried_high) {
		s->tried_high += PAGE;
	} else {
		s->tried_low = page;
		s->tried_high = page + PAGE;
	}
	return 1;
}

/* The instructions that are being executed are there. */
static inline int is_current_code(const struct unwind_walk *w, uint64_t address, uint32_t size)
{
	return w->exact && address == w->pc - 1 && address >= w->mapping.start &&
	       address + size <= w->mapping.end;
}

static inline READS_OTHERS_MEMORY int unwind_read(
	struct unwind_walk *w, __u64 address, void *into, __u32 size)
{
	struct sig_walk *s = (struct sig_walk *)w;
	const volatile uint64_t *from = (const volatile uint64_t *)address;
	uint64_t *to = into;

	if ((address < s->safe_low || address > s->safe_high - size) &&
		!is_current_code(w, address, size)) {
		uint64_t last = (address + size - 1) & ~(uint64_t)(PAGE - 1);

		if (!try_page(s, address & ~(uint64_t)(PAGE - 1)) || !try_page(s, last))
			return UNWIND_MEMORY;
	}
	for (__u32 i = 0; i < size / 8; i++)
		to[i] = from[i];
	return 0;
}

static inline const struct unwind_mapping *unwind_mapping_at(struct unwind_walk *w, __u32 index)
{
	const struct stackwalk_tables *tables = ((struct sig_walk *)w)->tables;

	return index < tables->n_mappings ? &tables->mappings[index] : NULL;
}

static inline const struct unwind_page *unwind_page_at(struct unwind_walk *w, __u32 index)
{
	const struct stackwalk_tables *tables = ((struct sig_walk *)w)->tables;

	return index < tables->n_pages ? &tables->pages[index] : NULL;
}

static inline const struct unwind_rule *unwind_rule_at(struct unwind_walk *w, __u32 index)
{
	const struct stackwalk_tables *tables = ((struct sig_walk *)w)->tables;

	return index < tables->n_rules ? &tables->rules[index] : NULL;
}

static inline const struct unwind_row *unwind_shard_at(struct unwind_walk *w, __u32 index)
{
	const struct stackwalk_tables *tables = ((struct sig_walk *)w)->tables;

	return index < tables->n_shards ? tables->shards[index] : NULL;
}

static inline _Atomic uint64_t *slot_of(struct sig_walk_memory *memory, __u64 address)
{
	return &memory->slots[address * 0x9e3779b97f4a7c15u >> (64 - 11)];
}

_Static_assert(SIG_WALK_MEMORY == 1 << 11 && UNWIND_RULES_MAX < 1 << 16, "as slots are laid out");

static inline const struct unwind_rule *unwind_recall(struct unwind_walk *w, __u64 address)
{
	struct sig_walk *s = (struct sig_walk *)w;
	uint64_t slot;

	if (!s->memory)
		return NULL;
	slot = atomic_load_explicit(slot_of(s->memory, address), memory_order_relaxed);
	return slot >> 16 == address && slot ? &s->tables->rules[(slot & 0xffff) - 1] : NULL;
}

static inline void unwind_remember(
	struct unwind_walk *w, __u64 address, const struct unwind_rule *rule)
{
	struct sig_walk *s = (struct sig_walk *)w;

	if (s->memory && address < USER_END)
		atomic_store_explicit(slot_of(s->memory, address),
			address << 16 | (uint64_t)(rule - s->tables->rules + 1),
			memory_order_relaxed);
}

#define UNWIND_REMEMBERS
#include "bpf/walk.h"

/* The stack below the interrupted stack pointer holds nothing of the walk's, but for the red zone.
 * A thread that runs on another stack (a fiber, an alternate one) has no safe range. */
static void find_safe_range(struct sig_walk *s)
{
	uint64_t sp = s->walk.regs[UNWIND_RSP];

	s->safe_low = s->safe_high = UINT64_MAX;
	if (sp < s->stack.low || sp >= s->stack.high)
		return;
	s->safe_low = sp - s->stack.low > RED_ZONE ? sp - RED_ZONE : s->stack.low;
	s->safe_high = s->stack.high;
}

static int step(struct sig_walk *s, int *ret_unmapped)
{
	int result = unwind_step(&s->walk);

	if (result == UNWIND_UNMAPPED || result == UNWIND_PENDING) {
		*ret_unmapped |= result == UNWIND_UNMAPPED;
		result = unwind_without_table(&s->walk, UNWIND_NO_TABLE);
	}
	return result;
}

static inline int goes_by_fp(const struct unwind_walk *w)
{
	return !w->exact && (w->mapping.kind == UNWIND_MAPPING_NO_TABLE ||
				    w->mapping.kind == UNWIND_MAPPING_JIT);
}

/*
 * Callers by frame pointers alone, as long as they lie in the mapping that has no table and on the
 * thread's stack: what unwind_step would do for each of them, in a loop that is nothing else.
 * Whatever else there is, the end and what is damaged too, is left to unwind_step.
 */
static READS_OTHERS_MEMORY size_t follow_fp(
	struct sig_walk *s, uint64_t *frames, size_t n, size_t max)
{
	struct unwind_walk *w = &s->walk;
	uint64_t pc = w->pc, sp = w->sp, fp = w->fp;
	uint64_t start = w->mapping.start, size = w->mapping.end - start;
	uint64_t low = s->safe_low, room = s->safe_high - s->safe_low;

	if (room < 2 * sizeof(uint64_t))
		return n;
	room -= 2 * sizeof(uint64_t);
	while (n < max && pc - 1 - start < size && !(fp & 7) && fp - sp <= UNWIND_FP_SPAN_MAX &&
		fp - low <= room) {
		const volatile uint64_t *pair = (const volatile uint64_t *)fp;
		uint64_t caller = pair[1];

		if (caller < UNWIND_LOW_ADDRESS)
			break;
		frames[n++] = pc - 1;
		sp = fp + 2 * sizeof(uint64_t);
		fp = pair[0];
		pc = caller;
		w->rbx = 0;
	}
	w->pc = pc;
	w->sp = sp;
	w->fp = fp;
	return n;
}

enum unwind_result sig_walk_run(
	struct sig_walk *walk, uint64_t *frames, size_t max, size_t *ret_n, int *ret_unmapped)
{
	size_t n = 0;
	int result = UNWIND_DEPTH;

	find_safe_range(walk);
	walk->tried_low = walk->tried_high = 0;
	walk->probes = 0;
	unwind_start(&walk->walk);
	walk->walk.process = (struct unwind_process){ .n_mappings = walk->tables->n_mappings };
	while (n < max) {
		if (goes_by_fp(&walk->walk) && (n = follow_fp(walk, frames, n, max)) == max)
			break;
		frames[n++] = unwind_frame_address(&walk->walk);
		result = step(walk, ret_unmapped);
		if (result != UNWIND_CONTINUE)
			break;
		result = UNWIND_DEPTH;
	}
	*ret_n = n;
	return (enum unwind_result)result;
}
