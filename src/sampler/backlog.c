/* backlog: records taken out of the ring, waiting their turn. */
#include "sampler/backlog.h"

#include <stdint.h>
#include <stdlib.h>

/* Records lie one behind the other, each {u64 length, bytes rounded up to 8}. */
struct backlog_chunk {
	struct backlog_chunk *next;
	size_t cap, len, at;
	uint64_t bytes[];
};

#define ROUNDED(len) (((len) + 7) & ~(size_t)7)

void backlog_fini(struct backlog *backlog)
{
	while (backlog->first) {
		struct backlog_chunk *next = backlog->first->next;

		free(backlog->first);
		backlog->first = next;
	}
	*backlog = (struct backlog){ 0 };
}

static void append(struct backlog_chunk *chunk, struct view record)
{
	char *at = (char *)chunk->bytes + chunk->len;

	*(uint64_t *)at = record.len;
	memcpy(at + sizeof(uint64_t), record.at, record.len);
	chunk->len += sizeof(uint64_t) + ROUNDED(record.len);
}

void backlog_fill(struct backlog *backlog, struct bpf_ring *ring)
{
	size_t waiting = bpf_ring_begin(ring);
	struct backlog_chunk *chunk;
	struct view record;

	if (waiting == 0 || backlog->bytes + waiting > BACKLOG_BYTES_MAX)
		return;
	/* In the ring a record has a header of 8 bytes, too. */
	chunk = malloc(sizeof(*chunk) + waiting);
	if (!chunk)
		return;
	*chunk = (struct backlog_chunk){ .cap = waiting };
	while ((record = bpf_ring_next(ring)).at)
		append(chunk, record);
	backlog->bytes += chunk->cap;
	if (backlog->last)
		backlog->last->next = chunk;
	else
		backlog->first = chunk;
	backlog->last = chunk;
}

struct view backlog_next(struct backlog *backlog)
{
	struct backlog_chunk *chunk;

	while ((chunk = backlog->first)) {
		char *at = (char *)chunk->bytes + chunk->at;
		uint64_t len;

		if (chunk->at < chunk->len) {
			len = *(uint64_t *)at;
			chunk->at += sizeof(uint64_t) + ROUNDED(len);
			return (struct view){ at + sizeof(uint64_t), len };
		}
		backlog->first = chunk->next;
		if (!backlog->first)
			backlog->last = NULL;
		backlog->bytes -= chunk->cap;
		free(chunk);
	}
	return (struct view){ 0 };
}
