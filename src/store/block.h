/*
 * block: the profiles of one series in a stretch of time, as bytes. docs/formats/store.md
 *
 *     header   plain: times, totals, Bloom filter of trace and span ids, sizes of what follows
 *     merged   zstd: the stacks of all profiles, each once, and their summed values
 *     spans    zstd: each span once, 24 bytes
 *     detail   zstd: of each profile, which of the merged stacks, values, spans
 *
 * A block of one profile without spans has no detail: it is what is merged. A rolled-up block has
 * neither detail nor spans, and only the sums of its header.
 */
#ifndef STORE_BLOCK_H
#define STORE_BLOCK_H

#include "base/buf.h"
#include "store/record.h"
#include "wire/proto.h"

#define BLOCK_VERSION 1
#define BLOCK_PROFILES_MAX 65536
#define BLOCK_SECTION_MAX ((size_t)256 << 20)

struct block_profile {
	int64_t begin_ns, end_ns;
	uint64_t short_id; /* of the record */
};

struct block_header { /* owned arrays; views into the bytes */
	bool is_rolled, has_detail;
	size_t n_types;
	uint64_t n_profiles;
	int64_t begin_ns, end_ns;       /* of the first, and of what ends last */
	struct block_profile *profiles; /* in order of time; NULL if rolled up */
	int64_t *totals;                /* profile by profile; one row if rolled up */
	struct view bloom, merged, spans, detail;
	size_t merged_size, spans_size, detail_size; /* unpacked */
};

/* Records in order of time, all of the same n_types; `level` is zstd's. ERR_LIMIT past the limits
 * above. */
int block_encode(
	const struct record *const *records, size_t n, int level, struct buf *out, struct err *err);

/* The sum of blocks whose merged sections were read: stacks ascending. */
struct block_sums {
	size_t n_types, n;
	uint32_t *stacks; /* owned */
	int64_t *values;  /* owned; column by column */
	uint64_t n_profiles;
	int64_t begin_ns, end_ns;
	int64_t totals[PROFILE_TYPES_MAX];
};

int block_encode_rolled(const struct block_sums *sums, int level, struct buf *out, struct err *err);
int block_sums_add(struct block_sums *sums, struct view block, struct err *err);
void block_sums_fini(struct block_sums *sums);

/* All below: ERR_CORRUPT if the bytes are no block. Finish with block_header_fini, also after an
 * error. */
int block_header_decode(struct view block, struct block_header *ret, struct err *err);
void block_header_fini(struct block_header *header);

/* False: surely none of the samples is of that trace or span (16 or 8 bytes). */
bool block_may_have(const struct block_header *header, const void *id, size_t size);

/* What is read of blocks; one after another into the same memory. A zeroed one is valid. */
struct block_reader {
	bool has_only; /* only the values of type `only` are read: there is one column then */
	size_t only;

	size_t n;         /* merged stacks */
	uint32_t *stacks; /* owned */
	int64_t *values;  /* owned; column by column */
	struct store_span *spans;
	size_t n_spans;
	/* Of one profile: which of the stacks, values, spans; in order of stacks. */
	size_t n_items;
	uint32_t *items, *span_of; /* owned; span_of: 0 = none */
	int64_t *item_values;      /* owned; column by column */

	/* private */
	struct buf unpacked_merged, unpacked_spans, unpacked_detail;
	struct proto detail;
	size_t n_types, next_profile;
	bool detail_is_merged;
	void *zstd;
	size_t cap_stacks, cap_values, cap_items, cap_span_of, cap_item_values;
};

void block_reader_fini(struct block_reader *reader);
int block_read_merged(
	struct block_reader *reader, const struct block_header *header, struct err *err);

/* Reads merged and spans too; then the profiles, one after another. */
int block_read_detail(
	struct block_reader *reader, const struct block_header *header, struct err *err);
int block_next_profile(struct block_reader *reader, struct err *err);

/* The profiles of a block as records again, but for the entry's long id; appended. A zeroed one is
 * valid. */
struct block_records {
	struct record **at; /* owned, as are the records */
	size_t n, cap;
	struct block_reader reader; /* private: of one block after another */
};
int block_records_add(struct block_records *records, struct view block, struct err *err);
void block_records_fini(struct block_records *records);

#endif
