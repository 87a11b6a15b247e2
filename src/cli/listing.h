/*
 * listing: the lists of a server's /api/v1 as lines for people and for cut, sort and grep.
 *
 * What comes from elsewhere is made inert, as in every other text of ours.
 */
#ifndef CLI_LISTING_H
#define CLI_LISTING_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/view.h"

/* Each reads an answer's body and writes lines; *ret_any: whether there were any. ERR_CORRUPT: it
 * is not such an answer. */

/* {"types": […]}, {"labels": […]}, {"values": […]}: a line each. */
int listing_texts(
	struct view body, const char *key, struct buf *out, bool *ret_any, struct err *err);

/* Each a selector: process_cpu{host="a",service_name="shop"} */
int listing_series(struct view body, struct buf *out, bool *ret_any, struct err *err);

/* TRACE [SPAN]  TOTAL  SERVICE  FROM */
int listing_traces(struct view body, struct buf *out, bool *ret_any, struct err *err);

/* Of a timeline, each line's total: TOTAL  VALUE */
int listing_totals(struct view body, struct buf *out, bool *ret_any, struct err *err);

/* Of a heat map, each cell that has any: TIME  FROM  TO  COUNT */
int listing_heatmap(struct view body, struct buf *out, bool *ret_any, struct err *err);

/* Of a function's share, each point: TIME  TOTAL  WHOLE  SHARE  VALUE */
int listing_share(struct view body, struct buf *out, bool *ret_any, struct err *err);

/* The line, and what its reader should know, a sentence a line. */
int listing_truth(struct view body, struct buf *out, bool *ret_any, struct err *err);

/* Debug files, each BUILD_ID  KIND  BYTES  ADDED  USED */
int listing_debugfiles(struct view body, struct buf *out, bool *ret_any, struct err *err);

/* Each point of each line that is not 0: TIME  TOTAL  VALUE */
int listing_points(struct view body, struct buf *out, bool *ret_any, struct err *err);

#endif
