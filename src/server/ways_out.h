/*
 * ways_out: the routes by which profiles are asked about; all GET, see server/question.h for what
 * most of them take.
 *
 *     /api/v1/types                     {"types":[ID,…]}
 *     /api/v1/labels                    {"labels":[NAME,…]}
 *     /api/v1/label/NAME/values         {"values":[VALUE,…]}
 *       counts=1 limit=N                {"found","unit","counts":[{"value","total","profiles",
 *                                       "series"},…]}, the largest first
 *     /api/v1/series                    {"series":[{"name":…,"labels":{…}},…]}
 *     /api/v1/timeline  step=15s group=NAME (several times: "values" has each one's)
 *                                       {"from","step","type","unit","lines":[{"value","total",
 *                                       "profiles","series","points":[…]},…]}; times are seconds
 *                                       since 1970
 *     /api/v1/share     function=NAME (several times) step=15s group=NAME
 *                                       {"from","step","type","unit","functions":[NAME,…],
 *                                       "lines":[{"value","total","whole":[…],
 *                                       "functions":[{"self":[…],"total":[…]},…]},…]}
 *     /api/v1/heatmap   by=profile|trace|span step=15s rows=24 scale=log|linear
 *                                       {"from","step","type","unit","found","without",
 *                                       "edges":[rows + 1 values],"rows":[[count,…],…]}
 *     /api/v1/truth                     {"from","until","profiles","series","total","unit",
 *                                       "samples","complete","truncated":{…},"first","last",
 *                                       "step","unnamed":{"frames","share","builds":[{"build_id",
 *                                       "file","frames","total"},…]},"hosts":[{"host","profiles","from","until",
 *                                       "covered","gaps":[[from,until],…]},…],"hosts_left_out",
 *                                       "capture":{…},"level":"well"|"care","line","sentences"}
 *     /api/v1/profile   format=pprof    a file of any format that we write
 *     /api/v1/flame     x_from=, x_to=  docs/formats/flame-layout.md
 *     /api/v1/top                       functions, as `flyover report top --json`
 *     /api/v1/peek      function=NAME   {"self","total","callers":[[name,value],…],"callees"}
 *     /api/v1/lines     function=NAME   {"self","total","lines":[[file,line,self,total],…],
 *                                       "left_out"}
 *     /api/v1/source    function=NAME file=FILE
 *                                       {"file","first","lines":[text,…],"left_out","changed"}
 *     /api/v1/diff      left_query=… …  functions that changed, as `flyover diff --json`
 *     /api/v1/diff/flame                the same arguments: one picture of both sides
 *     /api/v1/traces    by=span limit=N {"traces":[{"trace_id","span_id","service","total",…},…]}
 *
 * Profiles are merged by the numbers of their stacks and named last. profile, flame, top, peek,
 * lines, source and diff take
 *
 *     max_nodes=N    the heaviest are kept, the rest is one frame "other" under its caller
 *                    (flame: 1,048,576; else 0 = all)
 *     path=FRAME     (several times, from the root) what is not below is "other"
 *     group=NAME     (several times) samples have the labels of their series; in a picture their
 *                    values are root frames. max_groups=20 are told apart.
 *
 * X-Flyover-Merged says of how many profiles of how many series an answer is made, and what was
 * cut.
 */
#ifndef SERVER_WAYS_OUT_H
#define SERVER_WAYS_OUT_H

#include "server/router.h"
#include "store/store.h"

struct sourcecode;

struct ways_out {
	struct store *store;              /* borrowed */
	const struct sourcecode *sources; /* borrowed; NULL = none is read */
};

struct router_table ways_out_table(struct ways_out *ways);

#endif
