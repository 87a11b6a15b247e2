/* sig_sample: a stack, what it stands for and what its thread works on, as one record. */
#include "inproc/sig_sample.h"

#include "inproc/sig_context.h"

#define WORD sizeof(uint64_t)
#define HEAD_WORDS (offsetof(struct sig_sample, data) / WORD)

_Static_assert(offsetof(struct sig_sample, data) % WORD == 0, "data lies on whole words");
_Static_assert(
	SIG_SAMPLE_WORDS_MAX *WORD >=
		sizeof(struct sig_sample) + SIG_SAMPLE_FRAMES_MAX * WORD + SIG_CONTEXT_ATTRS_MAX,
	"the longest record fits");

/* What the walker needs of this very place, and whatever else is at hand. */
static inline __attribute__((always_inline)) void read_registers(struct unwind_walk *walk)
{
	uint64_t pc, sp, fp, rbx;

	__asm__ volatile("lea 0(%%rip), %0\n\tmov %%rsp, %1\n\tmov %%rbp, %2\n\tmov %%rbx, %3"
			 : "=&r"(pc), "=&r"(sp), "=&r"(fp), "=&r"(rbx));
	walk->regs[UNWIND_RIP] = pc;
	walk->regs[UNWIND_RSP] = sp;
	walk->regs[UNWIND_RBP] = fp;
	walk->regs[UNWIND_RBX] = rbx;
}

/* Leaves out the frames of the library, down to the one that called it. */
static size_t cut(uint64_t *frames, size_t n, const struct sig_sample_place *place)
{
	size_t first = 0;

	while (first < n && frames[first] != place->caller - 1)
		first++;
	if (first == n) { /* the walk did not get so far */
		frames[0] = place->caller - 1;
		first = 0;
		n = 1;
	}
	if (first == 0) {
		if (n == SIG_SAMPLE_FRAMES_MAX)
			n--;
		__builtin_memmove(frames + 1, frames, n * sizeof(*frames));
		n++;
	} else {
		__builtin_memmove(frames + 1, frames + first, (n - first) * sizeof(*frames));
		n = n - first + 1;
	}
	frames[0] = place->leaf;
	return n;
}

__attribute__((noinline)) size_t sig_sample_fill(
	struct sig_sample *sample, struct sig_sample_request *request)
{
	struct sig_context_copy copy;
	size_t n_kernel = request->place ? 0 : request->n_kernel, n_frames = 0, n_walked;
	int unmapped = 0;

	request->walk.tables = &request->tables->tables;
	request->walk.memory = request->tables->memory;
	if (request->place)
		read_registers(&request->walk.walk);
	for (size_t i = 0; i < n_kernel; i++)
		sample->data[i] = request->kernel[i];
	sample->n_kernel = (uint8_t)n_kernel;
	sample->result = (uint8_t)sig_walk_run(&request->walk, sample->data + n_kernel,
		SIG_SAMPLE_FRAMES_MAX - n_kernel, &n_frames, &unmapped);
	n_frames += n_kernel;
	n_walked = n_frames;
	if (request->place)
		n_frames = cut(sample->data, n_frames, request->place);
	for (size_t i = n_frames; i < n_walked; i++) /* the ring wants zeros back */
		sample->data[i] = 0;
	sample->generation = request->tables->generation;
	sample->n_frames = (uint16_t)n_frames;
	sample->attrs_size = 0;
	sample->has_context =
		(uint8_t)sig_context_copy(&copy, (uint8_t *)(sample->data + n_frames));
	if (sample->has_context) {
		__builtin_memcpy(sample->trace_id, copy.trace_id, sizeof(copy.trace_id));
		__builtin_memcpy(sample->span_id, copy.span_id, sizeof(copy.span_id));
		sample->attrs_size = copy.attrs_size;
	}
	if (unmapped)
		atomic_store_explicit(&sig_tables_unmapped, 1, memory_order_relaxed);
	return HEAD_WORDS + n_frames + (sample->attrs_size + WORD - 1) / WORD;
}

int sig_sample_put(
	struct sig_ring *ring, const struct sig_sample *head, struct sig_sample_request *request)
{
	uint64_t at;
	struct sig_sample *sample = sig_ring_reserve(ring, SIG_SAMPLE_WORDS_MAX, &at);

	if (!sample)
		return 0;
	sample->values[0] = head->values[0];
	sample->values[1] = head->values[1];
	sample->tid = head->tid;
	sample->kind = head->kind;
	sig_ring_commit(ring, at, sig_sample_fill(sample, request), SIG_SAMPLE_WORDS_MAX);
	return 1;
}
