/* pyroscope: Pyroscope's API for readers. */
#include "server/pyroscope.h"

#include "server/pyroscope_diff.h"
#include "server/pyroscope_heatmap.h"
#include "server/pyroscope_lists.h"
#include "server/pyroscope_none.h"
#include "server/pyroscope_points.h"
#include "server/pyroscope_render.h"
#include "server/pyroscope_stacks.h"
#include "server/pyroscope_status.h"

#define QUERIER "/querier.v1.QuerierService/"
#define SETTINGS "/settings.v1.SettingsService/Get"
#define RULES "/settings.v1.RecordingRulesService/ListRecordingRules"
#define UPLOADS "/adhocprofiles.v1.AdHocProfileService/List"
#define FEATURES "/capabilities.v1.FeatureFlagsService/GetFeatureFlags"

static const struct {
	const char *path;
	const struct connect_method *method;
} methods[] = {
	{ QUERIER "ProfileTypes", &pyroscope_lists_types },
	{ QUERIER "LabelNames", &pyroscope_lists_names },
	{ QUERIER "LabelValues", &pyroscope_lists_values },
	{ QUERIER "Series", &pyroscope_lists_series },
	{ QUERIER "SelectMergeStacktraces", &pyroscope_stacks_merge },
	{ QUERIER "SelectMergeSpanProfile", &pyroscope_stacks_spans },
	{ QUERIER "SelectMergeProfile", &pyroscope_stacks_profile },
	{ QUERIER "SelectSeries", &pyroscope_points_select },
	{ QUERIER "SelectHeatmap", &pyroscope_heatmap_select },
	{ QUERIER "Diff", &pyroscope_diff_method },
	{ QUERIER "GetProfileStats", &pyroscope_status_stats },
	{ QUERIER "AnalyzeQuery", &pyroscope_status_analyze },
	{ SETTINGS, &pyroscope_none_list },
	{ RULES, &pyroscope_none_list },
	{ UPLOADS, &pyroscope_none_list },
	{ FEATURES, &pyroscope_none_list },
};

static void ask(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	const struct pyroscope *pyroscope = owner;

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (strcmp(methods[i].path, call->route->path) == 0)
			connect_answer(methods[i].method, pyroscope->store, call, reply);
}

static void render(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	pyroscope_render_single(((struct pyroscope *)owner)->store, call, reply);
}

static void render_diff(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	pyroscope_render_diff(((struct pyroscope *)owner)->store, call, reply);
}

static void values(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	pyroscope_render_values(((struct pyroscope *)owner)->store, call, reply);
}

static const struct route routes[] = {
	{ "POST", QUERIER "ProfileTypes", ask, SCOPE_READ, LANE_QUERY },
	{ "POST", QUERIER "LabelNames", ask, SCOPE_READ, LANE_QUERY },
	{ "POST", QUERIER "LabelValues", ask, SCOPE_READ, LANE_QUERY },
	{ "POST", QUERIER "Series", ask, SCOPE_READ, LANE_QUERY },
	{ "POST", QUERIER "SelectMergeStacktraces", ask, SCOPE_READ, LANE_QUERY },
	{ "POST", QUERIER "SelectMergeSpanProfile", ask, SCOPE_READ, LANE_QUERY },
	{ "POST", QUERIER "SelectMergeProfile", ask, SCOPE_READ, LANE_QUERY },
	{ "POST", QUERIER "SelectSeries", ask, SCOPE_READ, LANE_QUERY },
	{ "POST", QUERIER "SelectHeatmap", ask, SCOPE_READ, LANE_QUERY },
	{ "POST", QUERIER "Diff", ask, SCOPE_READ, LANE_QUERY },
	{ "POST", QUERIER "GetProfileStats", ask, SCOPE_READ, LANE_QUERY },
	{ "POST", QUERIER "AnalyzeQuery", ask, SCOPE_READ, LANE_QUERY },
	{ "POST", SETTINGS, ask, SCOPE_READ, LANE_QUERY },
	{ "POST", RULES, ask, SCOPE_READ, LANE_QUERY },
	{ "POST", UPLOADS, ask, SCOPE_READ, LANE_QUERY },
	{ "POST", FEATURES, ask, SCOPE_READ, LANE_QUERY },
	{ "GET", "/render", render, SCOPE_READ, LANE_QUERY },
	{ "GET", "/pyroscope/render", render, SCOPE_READ, LANE_QUERY },
	{ "GET", "/render-diff", render_diff, SCOPE_READ, LANE_QUERY },
	{ "GET", "/pyroscope/render-diff", render_diff, SCOPE_READ, LANE_QUERY },
	{ "GET", "/label-values", values, SCOPE_READ, LANE_QUERY },
	{ "GET", "/pyroscope/label-values", values, SCOPE_READ, LANE_QUERY },
};

struct router_table pyroscope_table(struct pyroscope *pyroscope)
{
	return (struct router_table){ routes, sizeof(routes) / sizeof(routes[0]), pyroscope };
}
