/*
 * ways_out: the routes by which profiles are asked about; all GET, see server/question.h for what
 * most of them take.
 *
 *     /api/v1/types                     {"types":[ID,…]}
 *     /api/v1/labels                    {"labels":[NAME,…]}
 *     /api/v1/label/NAME/values         {"values":[VALUE,…]}
 *     /api/v1/series                    {"series":[{"name":…,"labels":{…}},…]}
 *     /api/v1/timeline  step=15s group=NAME (several times: "values" has each one's)
 *                                       {"from","step","type","unit","lines":[{"value","total",
 *                                       "profiles","series","points":[…]},…]}; times are seconds
 *                                       since 1970
 *     /api/v1/profile   format=pprof    a file of any format that we write
 *     /api/v1/flame     max_nodes=N     docs/formats/flame-layout.md
 *     /api/v1/top                       functions, as `flyover report top --json`
 *     /api/v1/diff      left_query=… …  functions that changed, as `flyover diff --json`
 *     /api/v1/traces    by=span limit=N {"traces":[{"trace_id","span_id","service","total",…},…]}
 *
 * Profiles are merged by the numbers of their stacks and named last; what a screen cannot show is
 * one frame "other" under its caller (max_nodes, 16,384 by default; 0 = keep all). X-Flyover-Merged
 * says how many profiles of how many series an answer is made of.
 */
#ifndef SERVER_WAYS_OUT_H
#define SERVER_WAYS_OUT_H

#include "server/router.h"
#include "store/store.h"

struct ways_out {
	struct store *store; /* borrowed */
};

struct router_table ways_out_table(struct ways_out *ways);

#endif
