/* fuzz_walk: any tables and any stack; a walk ends, with a result, and reads nothing else. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/view.h"
#include "unwind/stackwalk.h"

#define FRAMES_MAX 128
#define MAPPINGS 4
#define PAGES 8
#define RULES 64
#define STACK 0x10000u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Fills what it can; the rest is 0. */
static void fill(struct view *from, void *into, size_t size)
{
	size_t len = from->len < size ? from->len : size;

	memset(into, 0, size);
	memcpy(into, from->at, len);
	*from = view_between(from->at + len, view_end(*from));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct unwind_row shard[UNWIND_SHARD_ROWS];
	struct unwind_mapping mappings[MAPPINGS];
	struct unwind_page pages[PAGES];
	struct unwind_rule rules[RULES];
	struct unwind_row rows[64];
	const struct unwind_row *shards[2] = { shard, NULL };
	struct stackwalk_tables tables = { mappings, pages, rules, shards, MAPPINGS, PAGES, RULES,
		2 };
	struct view rest = { (const char *)data, size };
	struct stackwalk_slice slice = { .address = STACK };
	struct unwind_walk walk = { 0 };
	uint64_t addresses[FRAMES_MAX];
	struct stackwalk_frames frames = { addresses, FRAMES_MAX, 0 };
	enum unwind_result result;

	fill(&rest, walk.regs, sizeof(walk.regs));
	fill(&rest, mappings, sizeof(mappings));
	fill(&rest, pages, sizeof(pages));
	fill(&rest, rules, sizeof(rules));
	fill(&rest, rows, sizeof(rows));
	memcpy(shard, rows, sizeof(rows));
	slice.at = rest.at;
	slice.len = rest.len;
	stackwalk_start(&walk, &tables);
	result = stackwalk_run(&walk, &tables, &slice, &frames);
	if (frames.count == 0 || frames.count > FRAMES_MAX || result == UNWIND_CONTINUE ||
		result >= UNWIND_RESULTS)
		abort();
	return 0;
}
