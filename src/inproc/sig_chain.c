/* sig_chain: what the kernel wrote about its own stack. */
#include "inproc/sig_chain.h"

#include <linux/perf_event.h>

#define WORD sizeof(uint64_t)
#define FIRST_MARK ((uint64_t)PERF_CONTEXT_MAX) /* and all above it */
#define RECORD_HEAD_WORDS 3                     /* head, time, number of addresses */

/* Records are whole words, but may go around the end of the memory. */
static uint64_t word_at(const struct perf_event_mmap_page *page, uint64_t at)
{
	const uint64_t *data = (const uint64_t *)((const char *)page + SIG_CHAIN_PAGE);

	return data[at % SIG_CHAIN_DATA / WORD];
}

static void read_record(
	const struct perf_event_mmap_page *page, uint64_t at, size_t words, struct sig_chain *ret)
{
	uint64_t n = word_at(page, at + 2 * WORD);

	if (n > words - RECORD_HEAD_WORDS)
		n = words - RECORD_HEAD_WORDS;
	ret->counted_ns = word_at(page, at + WORD);
	ret->n = 0;
	for (uint64_t i = 0; i < n && ret->n < SIG_CHAIN_FRAMES_MAX; i++) {
		uint64_t address = word_at(page, at + (RECORD_HEAD_WORDS + i) * WORD);

		if (address < FIRST_MARK)
			ret->frames[ret->n++] = address;
	}
}

int sig_chain_take(void *mapped, struct sig_chain *ret)
{
	struct perf_event_mmap_page *page = mapped;
	uint64_t head = __atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE), tail = page->data_tail;
	int found = 0;

	while (tail < head && !found) {
		union {
			uint64_t word;
			struct perf_event_header header;
		} first = { .word = word_at(page, tail) };
		size_t words = first.header.size / WORD;

		if (words == 0 || words * WORD > head - tail) { /* not what a kernel writes */
			tail = head;
			break;
		}
		found = first.header.type == PERF_RECORD_SAMPLE && words >= RECORD_HEAD_WORDS;
		if (found)
			read_record(page, tail, words, ret);
		tail += words * WORD;
	}
	__atomic_store_n(&page->data_tail, tail, __ATOMIC_RELEASE);
	return found;
}
