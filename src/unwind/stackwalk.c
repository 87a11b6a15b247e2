/* stackwalk: walks a stack in user space, with the same steps as BPF. */
#include "unwind/stackwalk.h"

#include <string.h>

#include "model/accounting.h"

struct stackwalk {
	struct unwind_walk walk; /* first, so that the steps' pointer is also this one's */
	const struct stackwalk_tables *tables;
	const struct stackwalk_slice *slice;
};

static inline int unwind_read(struct unwind_walk *w, __u64 address, void *into, __u32 size)
{
	const struct stackwalk_slice *slice = ((struct stackwalk *)w)->slice;
	uint64_t offset = address - slice->address;

	if (offset > slice->len || slice->len - offset < size)
		return UNWIND_SLICE;
	memcpy(into, (const char *)slice->at + offset, size);
	return 0;
}

static inline const struct unwind_mapping *unwind_mapping_at(struct unwind_walk *w, __u32 index)
{
	const struct stackwalk_tables *tables = ((struct stackwalk *)w)->tables;

	return index < tables->n_mappings ? &tables->mappings[index] : NULL;
}

static inline const struct unwind_page *unwind_page_at(struct unwind_walk *w, __u32 index)
{
	const struct stackwalk_tables *tables = ((struct stackwalk *)w)->tables;

	return index < tables->n_pages ? &tables->pages[index] : NULL;
}

static inline const struct unwind_rule *unwind_rule_at(struct unwind_walk *w, __u32 index)
{
	const struct stackwalk_tables *tables = ((struct stackwalk *)w)->tables;

	return index < tables->n_rules ? &tables->rules[index] : NULL;
}

static inline const struct unwind_row *unwind_shard_at(struct unwind_walk *w, __u32 index)
{
	const struct stackwalk_tables *tables = ((struct stackwalk *)w)->tables;

	return index < tables->n_shards ? tables->shards[index] : NULL;
}

#include "bpf/walk.h"

#define SAME_REASON(name) \
	_Static_assert((int)UNWIND_##name - (int)UNWIND_DEPTH == (int)TRUNCATED_##name, #name)

SAME_REASON(DEPTH);
SAME_REASON(NO_TABLE);
SAME_REASON(BAD_FRAME);
SAME_REASON(MEMORY);
SAME_REASON(SLICE);
SAME_REASON(JIT);

void stackwalk_start(struct unwind_walk *walk, const struct stackwalk_tables *tables)
{
	unwind_start(walk);
	walk->process = (struct unwind_process){ .n_mappings = tables->n_mappings };
}

enum unwind_result stackwalk_run(struct unwind_walk *walk, const struct stackwalk_tables *tables,
	const struct stackwalk_slice *slice, struct stackwalk_frames *frames)
{
	struct stackwalk s = { *walk, tables, slice };
	int result = UNWIND_CONTINUE;

	s.walk.process = (struct unwind_process){ .n_mappings = tables->n_mappings };
	s.walk.mapping = (struct unwind_mapping){ 0 };
	s.walk.rbx |= s.walk.exact;
	while (result == UNWIND_CONTINUE && frames->count < frames->max) {
		frames->at[frames->count++] = unwind_frame_address(&s.walk);
		result = unwind_step(&s.walk);
	}
	*walk = s.walk;
	return result == UNWIND_CONTINUE ? UNWIND_DEPTH : (enum unwind_result)result;
}
