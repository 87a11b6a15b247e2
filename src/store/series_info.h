/* series_info: what a series is, as bytes that name it and can be read again. */
#ifndef STORE_SERIES_INFO_H
#define STORE_SERIES_INFO_H

#include "base/buf.h"
#include "store/store.h"

/*
 * The same series has the same bytes: tenant, name, period, types, labels, each text as its length
 * (a varint) and itself, each list after its length.
 */
void series_info_encode(const struct store_entry *entry, struct buf *out);

struct series_info { /* views into the bytes; owned arrays */
	struct view tenant, service;
	struct store_series series; /* its id is the reader's to set */
	struct store_label *labels;
	struct store_type *types;
};

/* ERR_CORRUPT if they are none. `bytes` must outlive it. Finish with series_info_fini, also after
 * an error. */
int series_info_decode(struct view bytes, struct series_info *ret, struct err *err);
void series_info_fini(struct series_info *info);

#endif
