/*
 * mend: a damaged store is written anew from all that can be read of it; what was, is kept beside.
 *
 * Each profile is there once, as before: a row whose block has it already is left out. A roll-up
 * that does not agree with its blocks is left out too, and is made again by the server.
 */
#ifndef STORE_MEND_H
#define STORE_MEND_H

#include "base/buf.h"
#include "store/checkup.h"

struct mend {
	struct buf aside; /* where what was is now; ends in NUL; empty: nothing was damaged */
	uint64_t n_profiles, n_blocks, n_rows, n_rolled, n_series; /* that are kept */
	uint64_t n_stale;   /* roll-ups that will be made again */
	uint64_t n_doubled; /* rows that their blocks had already */

	/* private */
	struct checkup *old;
	struct rocks rocks; /* the new one */
	rocksdb_writebatch_t *batch;
	size_t n_in_batch;
	uint32_t day;
	struct map hours; /* of the day: series << 32 | hour -> profiles in blocks */
	struct map days;  /* -> roaring_bitmap_t *, owned */
	struct err err;
};

/* `old` is open and not surveyed yet; its folder has another name afterwards, and the new store has
 * its. Finish with mend_fini, also after an error. */
int mend_run(struct mend *mend, struct checkup *old, struct err *err);
void mend_fini(struct mend *mend);

#endif
