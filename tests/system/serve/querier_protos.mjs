// querier_protos: the messages of Pyroscope's querier and of pprof as descriptors, for @bufbuild/protobuf:
// one line a message, "NAME: field=number type, …"; "*" repeats, "?" may be absent.

const types = `
types.v1.LabelPair: name=1 string, value=2 string
types.v1.Labels: labels=1 *LabelPair
types.v1.ProfileType: ID=1 string, name=2 string, sample_type=4 string, sample_unit=5 string, period_type=6 string, period_unit=7 string
types.v1.Exemplar: timestamp=1 int64, profile_id=2 string, span_id=3 string, value=4 int64, labels=5 *LabelPair, trace_id=6 string
types.v1.Point: value=1 double, timestamp=2 int64, exemplars=4 *Exemplar
types.v1.Series: labels=1 *LabelPair, points=2 *Point
types.v1.HeatmapSlot: timestamp=1 int64, y_min=2 *double, counts=3 *int32, exemplars=4 *Exemplar
types.v1.HeatmapSeries: labels=1 *LabelPair, slots=2 *HeatmapSlot
types.v1.Location: name=1 string
types.v1.GoPGO: keep_locations=1 uint32, aggregate_callees=2 bool
types.v1.StackTraceSelector: call_site=1 *Location, go_pgo=2 GoPGO
types.v1.LabelNamesRequest: matchers=1 *string, start=2 int64, end=3 int64
types.v1.LabelNamesResponse: names=1 *string
types.v1.LabelValuesRequest: name=1 string, matchers=2 *string, start=3 int64, end=4 int64
types.v1.LabelValuesResponse: names=1 *string
types.v1.GetProfileStatsRequest:
types.v1.GetProfileStatsResponse: data_ingested=1 bool, oldest_profile_time=2 int64, newest_profile_time=3 int64
`;

const profile = `
google.v1.ValueType: type=1 int64, unit=2 int64
google.v1.Label: key=1 int64, str=2 int64, num=3 int64, num_unit=4 int64
google.v1.Sample: location_id=1 *uint64, value=2 *int64, label=3 *Label
google.v1.Mapping: id=1 uint64, memory_start=2 uint64, memory_limit=3 uint64, file_offset=4 uint64, filename=5 int64, build_id=6 int64, has_functions=7 bool, has_filenames=8 bool, has_line_numbers=9 bool, has_inline_frames=10 bool
google.v1.Line: function_id=1 uint64, line=2 int64
google.v1.Location: id=1 uint64, mapping_id=2 uint64, address=3 uint64, line=4 *Line, is_folded=5 bool
google.v1.Function: id=1 uint64, name=2 int64, system_name=3 int64, filename=4 int64, start_line=5 int64
google.v1.Profile: sample_type=1 *ValueType, sample=2 *Sample, mapping=3 *Mapping, location=4 *Location, function=5 *Function, string_table=6 *string, drop_frames=7 int64, keep_frames=8 int64, time_nanos=9 int64, duration_nanos=10 int64, period_type=11 ValueType, period=12 int64, comment=13 *int64, default_sample_type=14 int64
`;

const querier = `
querier.v1.ProfileTypesRequest: start=1 int64, end=2 int64
querier.v1.ProfileTypesResponse: profile_types=1 *types.v1.ProfileType
querier.v1.SeriesRequest: matchers=1 *string, label_names=2 *string, start=3 int64, end=4 int64
querier.v1.SeriesResponse: labels_set=2 *types.v1.Labels
querier.v1.AsyncQueryRequest: request_id=1 string, type=2 AsyncQueryType
querier.v1.AsyncQueryResponse: request_id=1 string, status=2 AsyncQueryStatus, error_message=3 string
querier.v1.SelectMergeStacktracesRequest: profile_typeID=1 string, label_selector=2 string, start=3 int64, end=4 int64, max_nodes=5 ?int64, format=6 ProfileFormat, stack_trace_selector=7 ?types.v1.StackTraceSelector, profile_id_selector=8 *string, async=9 ?AsyncQueryRequest, trace_id_selector=10 *string, span_selector=11 *string
querier.v1.PprofProfile: profile=1 google.v1.Profile
querier.v1.SelectMergeStacktracesResponse: flamegraph=1 FlameGraph, tree=2 bytes, dot=3 string, async=4 ?AsyncQueryResponse, pprof=5 PprofProfile
querier.v1.SelectMergeSpanProfileRequest: profile_typeID=1 string, label_selector=2 string, span_selector=3 *string, start=4 int64, end=5 int64, max_nodes=6 ?int64, format=7 ProfileFormat
querier.v1.SelectMergeSpanProfileResponse: flamegraph=1 FlameGraph, tree=2 bytes
querier.v1.DiffRequest: left=1 SelectMergeStacktracesRequest, right=2 SelectMergeStacktracesRequest
querier.v1.DiffResponse: flamegraph=1 FlameGraphDiff
querier.v1.FlameGraph: names=1 *string, levels=2 *Level, total=3 int64, max_self=4 int64
querier.v1.FlameGraphDiff: names=1 *string, levels=2 *Level, total=3 int64, max_self=4 int64, leftTicks=5 int64, rightTicks=6 int64
querier.v1.Level: values=1 *int64
querier.v1.SelectMergeProfileRequest: profile_typeID=1 string, label_selector=2 string, start=3 int64, end=4 int64, max_nodes=5 ?int64, stack_trace_selector=6 ?types.v1.StackTraceSelector, profile_id_selector=7 *string, trace_id_selector=8 *string
querier.v1.SelectSeriesRequest: profile_typeID=1 string, label_selector=2 string, start=3 int64, end=4 int64, group_by=5 *string, step=6 double, aggregation=7 ?types.v1.TimeSeriesAggregationType, stack_trace_selector=8 ?types.v1.StackTraceSelector, limit=9 ?int64, exemplar_type=10 types.v1.ExemplarType
querier.v1.SelectSeriesResponse: series=1 *types.v1.Series
querier.v1.SelectHeatmapRequest: profile_typeID=1 string, label_selector=2 string, start=3 int64, end=4 int64, step=5 double, group_by=6 *string, query_type=7 HeatmapQueryType, exemplar_type=8 types.v1.ExemplarType, limit=9 ?int64
querier.v1.SelectHeatmapResponse: series=1 *types.v1.HeatmapSeries
querier.v1.AnalyzeQueryRequest: start=2 int64, end=3 int64, query=4 string
querier.v1.QueryScope: component_type=1 string, component_count=2 uint64, block_count=3 uint64, series_count=4 uint64, profile_count=5 uint64, sample_count=6 uint64, index_bytes=7 uint64, profile_bytes=8 uint64, symbol_bytes=9 uint64
querier.v1.QueryImpact: total_bytes_in_time_range=2 uint64, total_queried_series=3 uint64, deduplication_needed=4 bool
querier.v1.AnalyzeQueryResponse: query_scopes=1 *QueryScope, query_impact=2 QueryImpact
`;

// Names begin with their enum's, in capitals.
const enums = {
	"types.v1.TimeSeriesAggregationType": ["SUM", "AVERAGE"],
	"types.v1.ExemplarType": ["UNSPECIFIED", "NONE", "INDIVIDUAL", "SPAN"],
	"querier.v1.ProfileFormat": ["UNSPECIFIED", "FLAMEGRAPH", "TREE", "DOT", "PPROF"],
	"querier.v1.AsyncQueryType": ["DISABLED", "FORCE"],
	"querier.v1.AsyncQueryStatus": ["UNKNOWN", "IN_PROGRESS", "SUCCESS", "FAILURE"],
	"querier.v1.HeatmapQueryType": ["UNSPECIFIED", "INDIVIDUAL", "SPAN"],
};

const methods = {
	ProfileTypes: ["ProfileTypesRequest", "ProfileTypesResponse"],
	LabelNames: ["types.v1.LabelNamesRequest", "types.v1.LabelNamesResponse"],
	LabelValues: ["types.v1.LabelValuesRequest", "types.v1.LabelValuesResponse"],
	Series: ["SeriesRequest", "SeriesResponse"],
	SelectMergeStacktraces: ["SelectMergeStacktracesRequest", "SelectMergeStacktracesResponse"],
	SelectMergeSpanProfile: ["SelectMergeSpanProfileRequest", "SelectMergeSpanProfileResponse"],
	SelectMergeProfile: ["SelectMergeProfileRequest", "google.v1.Profile"],
	SelectSeries: ["SelectSeriesRequest", "SelectSeriesResponse"],
	SelectHeatmap: ["SelectHeatmapRequest", "SelectHeatmapResponse"],
	Diff: ["DiffRequest", "DiffResponse"],
	GetProfileStats: ["types.v1.GetProfileStatsRequest", "types.v1.GetProfileStatsResponse"],
	AnalyzeQuery: ["AnalyzeQueryRequest", "AnalyzeQueryResponse"],
};

const scalars = { double: 1, int64: 3, uint64: 4, int32: 5, bool: 8, string: 9, bytes: 12, uint32: 13 };
const ENUM = 14, MESSAGE = 11;

function fieldOf(text, home) {
	const [, name, number, mark, type] = text.match(/^(\w+)=(\d+) ([*?]?)([\w.]+)$/);
	const full = type.includes(".") ? type : `${home}.${type}`;
	return {
		name, number: Number(number), jsonName: name.replace(/_([a-z])/g, (_, c) => c.toUpperCase()),
		label: mark === "*" ? 3 : 1,
		type: scalars[type] ?? (enums[full] ? ENUM : MESSAGE),
		...(scalars[type] ? {} : { typeName: `.${full}` }),
		...(mark === "?" ? { proto3Optional: true } : {}),
	};
}

function messageOf(line) {
	const [, home, name, rest] = line.match(/^(\w+\.\w+)\.(\w+):\s*(.*)$/);
	const field = rest ? rest.split(/,\s*/).map((text) => fieldOf(text, home)) : [];
	const optional = field.filter((f) => f.proto3Optional);
	optional.forEach((f, i) => { f.oneofIndex = i; });
	return { name, field, oneofDecl: optional.map((f) => ({ name: `_${f.name}` })) };
}

function enumsOf(home) {
	return Object.keys(enums).filter((full) => full.startsWith(home)).map((full) => {
		const name = full.slice(home.length + 1), prefix = name.replace(/(?!^)[A-Z]/g, "_$&").toUpperCase();
		return { name, value: enums[full].map((value, number) => ({ name: `${prefix}_${value}`, number })) };
	});
}

function file(name, text, dependency) {
	return { name: `${name}.proto`, package: name, syntax: "proto3", dependency: dependency.map((d) => `${d}.proto`),
		messageType: text.trim().split("\n").map(messageOf), enumType: enumsOf(name) };
}

/* All files, as FileDescriptorSet wants them. */
export function files() {
	const main = file("querier.v1", querier, ["types.v1", "google.v1"]);
	main.service = [{ name: "QuerierService", method: Object.entries(methods).map(([name, [input, output]]) => ({ name,
		inputType: `.${input.includes(".") ? input : `querier.v1.${input}`}`,
		outputType: `.${output.includes(".") ? output : `querier.v1.${output}`}` })) }];
	return [file("types.v1", types, []), file("google.v1", profile, []), main];
}
