/*
 * pprof_load: a profile made of scanned columns.
 */
#ifndef CODEC_PPROF_LOAD_H
#define CODEC_PPROF_LOAD_H

#include "codec/pprof_scan.h"

/* Adds to `into`, which has no sample types yet. Columns that pprof_scan accepted hold nothing to
 * refuse: only memory can be missing. Stacks and labels are used up. */
int pprof_load(struct pprof_columns *columns, struct profile *into, struct err *err);

#endif
