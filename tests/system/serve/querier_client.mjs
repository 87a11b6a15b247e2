// querier_client: asks a server as Grafana's data source does, with the unmodified client of Connect, in protobuf and
// in JSON, and as Profiles Drilldown does; and compares each answer with the server's own API and with what was sent.
//
//   querier_client.mjs MODULES URL
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { files } from "./querier_protos.mjs";

const [modules, url] = process.argv.slice(2);
const from = createRequire(`${modules}/x.cjs`);
const load = (name) => import(pathToFileURL(from.resolve(name)));
const { create, createFileRegistry, toBinary } = await load("@bufbuild/protobuf");
const { FileDescriptorSetSchema } = await load("@bufbuild/protobuf/wkt");
const { createClient, ConnectError, Code } = await load("@connectrpc/connect");
const { createConnectTransport, compressionGzip } = await load("@connectrpc/connect-node");

const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: files() }));
const Querier = registry.getService("querier.v1.QuerierService");
const Profile = registry.getMessage("google.v1.Profile");

const CPU = "process_cpu:cpu:nanoseconds:cpu:nanoseconds", SPACE = "memory:alloc_space:bytes:space:bytes";
const STEP = 15, NOW = Math.floor(Date.now() / 1000), BEGIN = NOW - 600;
let failed = 0;

function check(what, seen, wanted) {
	const [a, b] = [seen, wanted].map((value) => JSON.stringify(value, (_, v) => typeof v === "bigint" ? v.toString() : v));
	if (a === b) return console.log(`ok: ${what}`);
	failed = 1;
	console.log(`FAILED: ${what}\n  seen   ${a?.slice(0, 1500)}\n  wanted ${b?.slice(0, 1500)}`);
}

// ---- what is sent: profiles whose every value is known here -----------------------------------

let seed = 7;
const random = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
const names = ["main", "handle", "parse", "encode", "write", "sort"];
const TRACE = "0af7651916cd43dd8448eb211c80319c", SPANS = ["b7ad6b7169203331", "00f067aa0ba902b7"];
const sent = []; // {type, service, region, second, span, stack, value}

function pprof(type, unit, period, second, samples) {
	const table = [""], id = (text) => { if (!table.includes(text)) table.push(text); return BigInt(table.indexOf(text)); };
	const functions = names.map((name, i) => ({ id: BigInt(i + 1), name: id(name), systemName: id(name) }));
	return toBinary(Profile, create(Profile, {
		sampleType: [{ type: id(type), unit: id(unit) }], periodType: { type: id(period[0]), unit: id(period[1]) },
		function: functions, location: functions.map((f) => ({ id: f.id, line: [{ functionId: f.id, line: 1n }] })),
		sample: samples.map((s) => ({ value: [BigInt(s.value)],
			locationId: s.stack.map((name) => BigInt(names.indexOf(name) + 1)).reverse(),
			label: s.span ? [{ key: id("trace_id"), str: id(TRACE) }, { key: id("span_id"), str: id(s.span) }] : [] })),
		stringTable: table, timeNanos: BigInt(second) * 1000000000n, durationNanos: 10000000000n,
	}));
}

async function send(kind, service, region, second) {
	const [type, unit, period] = kind === CPU ? ["cpu", "nanoseconds", ["cpu", "nanoseconds"]] : ["alloc_space", "bytes", ["space", "bytes"]];
	const samples = Array.from({ length: 12 }, () => ({ value: 1 + random(100000),
		stack: ["main", ...Array.from({ length: random(6) }, () => names[random(names.length)])],
		span: kind === CPU && random(3) === 0 ? SPANS[random(2)] : "" }));
	const reply = await fetch(`${url}api/v1/profiles?service=${service}&label=region%3D${region}`,
		{ method: "POST", body: pprof(type, unit, period, second, samples) });
	if (!reply.ok) throw new Error(await reply.text());
	for (const s of samples) sent.push({ kind, service, region, second, ...s });
}

for (let second = BEGIN + 5; second < NOW - 5; second += 20)
	for (const [service, region] of [["shop", "eu"], ["shop", "us"], ["cart", "eu"]]) {
		await send(CPU, service, region, second);
		if (second % 3 === 0) await send(SPACE, service, region, second);
	}

const picked = (filter) => sent.filter(filter);
const sum = (list) => list.reduce((total, s) => total + s.value, 0);
function foldedOf(list) {
	const stacks = new Map();
	for (const s of list) stacks.set(s.stack.join(";"), (stacks.get(s.stack.join(";")) ?? 0) + s.value);
	return [...stacks].map(([stack, value]) => `${stack} ${value}`).sort();
}

// ---- what answers mean ------------------------------------------------------------------------

/* A flame graph's levels back as stacks, as Grafana rebuilds them; with each side of a diff. */
function stacksOf(names, levels, width = 4, side = 0) {
	const out = [];
	let above = [];
	for (const level of levels) {
		const row = [];
		let x = 0;
		for (let i = 0; i < level.length; i += width) {
			const [offset, total, self] = level.slice(i + side, i + side + 3).map(Number);
			const start = x + offset, name = names[Number(level[i + width - 1])];
			const parent = above.findLast((bar) => bar.start <= start && start + total <= bar.end && (total > 0 || bar.end > bar.start));
			x = start + total;
			if (above.length && total > 0 && !parent) throw new Error(`${name} is in no bar of the level above`);
			const bar = { start, end: x, stack: above.length ? [...(parent?.stack ?? []), name] : [] };
			if (total > 0 || !above.length) row.push(bar);
			if (self > 0) out.push(`${bar.stack.join(";")} ${self}`);
		}
		above = row;
	}
	return out.sort();
}
const foldGraph = (graph, width, side) => stacksOf(graph.names, graph.levels.map((level) => level.values), width, side);

function stacksOfPprof(p) {
	const stacks = new Map(), name = (location) => p.stringTable[Number(p.function[Number(p.location[Number(location) - 1].line[0].functionId) - 1].name)];
	for (const s of p.sample) {
		const stack = s.locationId.map(name).reverse().join(";");
		stacks.set(stack, (stacks.get(stack) ?? 0) + Number(s.value[0]));
	}
	return [...stacks].map(([stack, value]) => `${stack} ${value}`).sort();
}

function stacksOfTree(bytes) {
	let at = 0;
	const out = [], number = () => { let n = 0, shift = 1, b; do { b = bytes[at++]; n += (b & 127) * shift; shift *= 128; } while (b > 127); return n; };
	const node = (path) => {
		const len = number(), name = Buffer.from(bytes.subarray(at, at + len)).toString();
		at += len;
		const self = number(), children = number(), stack = path === null ? [] : [...path, name];
		if (self) out.push(`${stack.join(";")} ${self}`);
		for (let i = 0; i < children; i++) node(stack);
	};
	node(null);
	if (at !== bytes.length) throw new Error("the tree does not end where it should");
	return out.sort();
}

async function own(path, args) {
	const reply = await fetch(`${url}api/v1/${path}?${new URLSearchParams(args)}`);
	if (!reply.ok) throw new Error(`${path}: ${await reply.text()}`);
	return path === "profile" ? (await reply.text()).trim().split("\n").sort() : reply.json();
}

// ---- the client, in both codecs ---------------------------------------------------------------

const start = BigInt(BEGIN) * 1000n, end = BigInt(NOW) * 1000n, range = { start, end };
const ownRange = { from: `${start}`, until: `${end + 1n}` };
const ask = { profileTypeID: CPU, labelSelector: "{}", ...range, maxNodes: 1000n };
const isShop = (s) => s.kind === CPU && s.service === "shop";

async function askAll(codec, useBinaryFormat) {
	const client = createClient(Querier, createConnectTransport({ baseUrl: url, httpVersion: "1.1", useBinaryFormat,
		defaultTimeoutMs: 20000, sendCompression: compressionGzip, acceptCompression: [compressionGzip], compressMinBytes: 100 }));
	const ok = (what, seen, wanted) => check(`${codec}: ${what}`, seen, wanted);

	const types = (await client.profileTypes(range)).profileTypes;
	ok("types", types.map((t) => [t.ID, t.name, t.sampleType, t.sampleUnit, t.periodType, t.periodUnit].join("|")),
		[`${SPACE}|memory|alloc_space|bytes|space|bytes`, `${CPU}|process_cpu|cpu|nanoseconds|cpu|nanoseconds`]);
	ok("types as our API has them", types.map((t) => t.ID), (await own("types", ownRange)).types.sort());
	ok("names of labels", (await client.labelNames({ matchers: ["{}"], ...range })).names.filter((n) => !n.startsWith("__")),
		(await own("labels", ownRange)).labels);
	ok("values of a label", (await client.labelValues({ name: "region", matchers: ["{service_name=\"cart\"}"], ...range })).names, ["eu"]);
	ok("values of the type", (await client.labelValues({ name: "__profile_type__", matchers: [], ...range })).names, [SPACE, CPU]);
	const series = (await client.series({ matchers: [], labelNames: ["service_name", "region"], ...range })).labelsSet;
	ok("series", series.map((set) => set.labels.map((l) => l.value).join(" ")).sort(), ["eu cart", "eu shop", "us shop"]);

	const whole = (await client.selectMergeStacktraces(ask)).flamegraph;
	ok("total", whole.total, BigInt(sum(picked((s) => s.kind === CPU))));
	ok("every stack", foldGraph(whole), foldedOf(picked((s) => s.kind === CPU)));
	ok("every stack, as our API has them", foldGraph(whole), await own("profile", { type: CPU, format: "folded", ...ownRange }));
	ok("the largest own value", whole.maxSelf, whole.levels.flatMap((l) => l.values.filter((_, i) => i % 4 === 2)).reduce((a, b) => a > b ? a : b));
	const one = { ...ask, labelSelector: "{service_name=\"shop\",region=~\"e.\"}" };
	ok("by labels", foldGraph((await client.selectMergeStacktraces(one)).flamegraph), foldedOf(picked((s) => isShop(s) && s.region === "eu")));
	const few = (await client.selectMergeStacktraces({ ...ask, maxNodes: 8n })).flamegraph;
	ok("few nodes have the same total", [few.total, few.levels[1].values[1]], [whole.total, whole.total]);
	ok("few nodes are few", few.levels.flatMap((l) => l.values.filter((n, i) => i % 4 === 3 && few.names[Number(n)] !== "other")).length, 9);
	ok("as a tree", stacksOfTree((await client.selectMergeStacktraces({ ...ask, format: 2 })).tree), foldGraph(whole));
	ok("as Graphviz", /^digraph "flyover" \{\n[^]*main[^]*->[^]*\}\n$/.test((await client.selectMergeStacktraces({ ...ask, format: 3 })).dot), true);
	ok("as pprof", stacksOfPprof((await client.selectMergeStacktraces({ ...ask, format: 4 })).pprof.profile), foldGraph(whole));
	ok("bare pprof", stacksOfPprof(await client.selectMergeProfile({ ...ask, maxNodes: undefined })), foldGraph(whole));
	ok("of a trace", foldGraph((await client.selectMergeStacktraces({ ...ask, traceIdSelector: [TRACE] })).flamegraph),
		foldedOf(picked((s) => s.kind === CPU && s.span)));
	ok("of a span", foldGraph((await client.selectMergeSpanProfile({ ...ask, spanSelector: [SPANS[1]] })).flamegraph),
		foldedOf(picked((s) => s.kind === CPU && s.span === SPANS[1])));
	const callSite = [{ name: "main" }, { name: "parse" }], isCalled = (s) => s.kind === CPU && s.stack[1] === "parse";
	ok("of a call site", foldGraph((await client.selectMergeStacktraces({ ...ask, stackTraceSelector: { callSite } })).flamegraph),
		foldedOf(picked(isCalled)));

	await askPoints(client, ok, callSite, isCalled);

	const diff = (await client.diff({ left: one, right: ask })).flamegraph;
	ok("a diff's sides", [diff.leftTicks, diff.rightTicks, diff.total], [BigInt(sum(picked((s) => isShop(s) && s.region === "eu"))), whole.total,
		whole.total + BigInt(sum(picked((s) => isShop(s) && s.region === "eu")))]);
	ok("a diff's left", foldGraph(diff, 7, 0), foldedOf(picked((s) => isShop(s) && s.region === "eu")));
	ok("a diff's right", foldGraph(diff, 7, 3), foldGraph(whole));

	await askAbout(client, ok);
	await askAtRandom(client, ok);

	const error = await client.selectMergeStacktraces({ ...ask, labelSelector: "{a" }).catch((e) => e);
	ok("what is wrong is said", [error instanceof ConnectError, error.code, /selector/.test(error.message)], [true, Code.InvalidArgument, true]);
	ok("too many nodes", (await client.selectMergeStacktraces({ ...ask, maxNodes: 9999999n }).catch((e) => e)).code, Code.InvalidArgument);
	ok("profiles by their ids", (await client.selectMergeStacktraces({ ...ask, profileIdSelector: ["x"] }).catch((e) => e)).code, Code.Unimplemented);
	ok("another method", (await client.selectMergeStacktraces({ ...ask, async: { requestId: "x" } }).catch((e) => e)).code, Code.NotFound);
}

/* The points that must be there, by the rule that a point holds what came since the one before. */
function pointsOf(list, average) {
	const points = new Map(), profiles = new Map();
	for (const s of list) {
		const k = Math.max(0, Math.ceil((s.second - BEGIN) / STEP)), at = (BEGIN + k * STEP) * 1000;
		if (at > NOW * 1000) continue;
		points.set(at, (points.get(at) ?? 0) + s.value);
		profiles.set(at, (profiles.get(at) ?? new Set()).add(`${s.second} ${s.service} ${s.region}`));
	}
	return [...points].sort((a, b) => a[0] - b[0]).map(([at, value]) => [at, average ? value / profiles.get(at).size : value]);
}

async function askPoints(client, ok, callSite, isCalled) {
	const points = (series) => series.points.map((p) => [Number(p.timestamp), p.value]);
	const asked = { profileTypeID: CPU, labelSelector: "{}", ...range, step: STEP };
	const isCpu = (s) => s.kind === CPU;
	const [all] = (await client.selectSeries(asked)).series;
	ok("totals over time", points(all), pointsOf(picked(isCpu)));
	const groups = (await client.selectSeries({ ...asked, groupBy: ["service_name"] })).series;
	ok("groups, the largest first", groups.map((g) => g.labels.map((l) => `${l.name}=${l.value}`)), [["service_name=shop"], ["service_name=cart"]]);
	ok("totals of a group", points(groups[1]), pointsOf(picked((s) => isCpu(s) && s.service === "cart")));
	const line = (await own("timeline", { type: CPU, group: "service_name", step: "15s", ...ownRange })).lines.find((l) => l.value === "cart");
	ok("totals of a group, as our API has them", groups[1].points.reduce((t, p) => t + p.value, 0), line.total);
	ok("a limit", (await client.selectSeries({ ...asked, groupBy: ["service_name", "region"], limit: 2n })).series.length, 2);
	ok("averages", points((await client.selectSeries({ ...asked, aggregation: 1 })).series[0]), pointsOf(picked(isCpu), true));
	ok("totals of a call site", points((await client.selectSeries({ ...asked, stackTraceSelector: { callSite } })).series[0]).filter(([, v]) => v),
		pointsOf(picked(isCalled)));
	ok("no step", (await client.selectSeries({ ...asked, step: 0 }).catch((e) => e)).code, Code.InvalidArgument);
}

/* Heat maps, what compilers want, and the store itself. */
async function askAbout(client, ok) {
	const isCpu = (s) => s.kind === CPU, asked = { profileTypeID: CPU, labelSelector: "{}", ...range, step: 60 };
	const profiles = new Set(picked(isCpu).map((s) => `${s.second} ${s.service} ${s.region}`));
	const counted = (line) => line.slots.reduce((n, slot) => n + slot.counts.reduce((a, b) => a + b, 0), 0);
	const [map] = (await client.selectHeatmap({ ...asked, queryType: 1 })).series;
	ok("a heat map has every profile", [counted(map), map.slots.every((s) => s.counts.length === 20 && s.yMin.length === 20)], [profiles.size, true]);
	const spans = new Map();
	for (const s of picked((x) => isCpu(x) && x.span)) {
		const key = `${s.second} ${s.service} ${s.region} ${s.span}`;
		spans.set(key, { span: s.span, value: (spans.get(key)?.value ?? 0) + s.value });
	}
	const lines = (await client.selectHeatmap({ ...asked, queryType: 2, exemplarType: 3, groupBy: ["service_name"] })).series;
	ok("a heat map of spans", lines.reduce((n, line) => n + counted(line), 0), spans.size);
	const largest = [...spans.values()].reduce((a, b) => a.value > b.value ? a : b);
	const examples = lines.flatMap((line) => line.slots.flatMap((slot) => slot.exemplars));
	ok("its largest example", examples.filter((e) => Number(e.value) === largest.value).map((e) => [e.spanId, e.traceId]), [[largest.span, TRACE]]);

	const pgo = stacksOfPprof(await client.selectMergeProfile({ ...ask, maxNodes: undefined, stackTraceSelector: { goPgo: { keepLocations: 2 } } }));
	ok("ends of stacks for compilers", pgo, foldedOf(picked(isCpu).map((s) => ({ ...s, stack: s.stack.slice(-2) }))));

	const stats = await client.getProfileStats({});
	const first = Math.min(...sent.map((s) => s.second)) * 1000, last = Math.max(...sent.map((s) => s.second)) * 1000;
	const oldest = Number(stats.oldestProfileTime); // perhaps the beginning of its day
	ok("since when", [stats.dataIngested, oldest <= first && oldest > first - 86400000, Number(stats.newestProfileTime) >= last], [true, true, true]);
	const analysis = await client.analyzeQuery({ ...range, query: `${CPU}{service_name="shop"}` });
	ok("how much a query looks at", [analysis.queryScopes.map((s) => [Number(s.seriesCount), Number(s.profileCount)]), Number(analysis.queryImpact.totalQueriedSeries)],
		[[[2, new Set(picked(isShop).map((s) => `${s.second} ${s.region}`)).size]], 2]);
}

/* Any selection over any window: totals are those of what was sent. */
async function askAtRandom(client, ok) {
	const conditions = [["service_name=\"shop\"", (s) => s.service === "shop"], ["service_name!=\"shop\"", (s) => s.service !== "shop"],
		["region=~\"e.|x\"", (s) => s.region === "eu"], ["region!~\"u.*\"", (s) => s.region !== "us"], ["pod=\"\"", () => true],
		["__unit__=\"nanoseconds\"", (s) => s.kind === CPU], ["__profile_type__!~\"mem.*\"", (s) => s.kind === CPU]];
	const seen = { graph: [], points: [] }, wanted = { graph: [], points: [] };
	for (let i = 0; i < 40; i++) {
		const chosen = conditions.filter(() => random(3) === 0), profileTypeID = random(2) ? CPU : SPACE;
		const [a, b] = [random(700), random(700)].sort((x, y) => x - y).map((x) => BEGIN - 50 + x);
		const ask = { profileTypeID, labelSelector: `{${chosen.map(([text]) => text).join(",")}}`, start: BigInt(a) * 1000n, end: BigInt(b) * 1000n };
		const held = (from) => sum(picked((s) => s.kind === profileTypeID && s.second > from && s.second <= b && chosen.every(([, holds]) => holds(s))));
		seen.graph.push(Number((await client.selectMergeStacktraces({ ...ask, maxNodes: BigInt(1 + random(30)) })).flamegraph.total));
		wanted.graph.push(held(a - 0.5)); // a profile of the first second belongs
		const series = (await client.selectSeries({ ...ask, step: 1, groupBy: ["region", "__type__"] })).series;
		seen.points.push(series.flatMap((line) => line.points).reduce((t, p) => t + p.value, 0));
		wanted.points.push(held(a - 1));
	}
	ok("totals of any selection", seen.graph, wanted.graph);
	ok("totals over time of any selection", seen.points, wanted.points);
}

await askAll("protobuf", true);
await askAll("JSON", false);

// ---- the older routes, and bodies as Profiles Drilldown writes them ---------------------------

const get = async (path, args) => {
	const reply = await fetch(`${url}${path}?${new URLSearchParams(args)}`);
	return reply.headers.get("content-type").includes("json") ? reply.json() : reply.text();
};
const shop = `${CPU}{service_name="shop"}`, times = { from: `${BEGIN}`, until: `${end}` };
const rendered = await get("pyroscope/render", { query: shop, ...times, groupBy: "region", "max-nodes": "1000" });
check("render: every stack", stacksOf(rendered.flamebearer.names, rendered.flamebearer.levels), foldedOf(picked(isShop)));
check("render: total", rendered.flamebearer.numTicks, sum(picked(isShop)));
check("render: groups", Object.keys(rendered.groups).sort(), ["eu", "us"]);
const inTimeline = (list) => list.filter((s) => Math.max(0, Math.ceil((s.second - BEGIN) / STEP)) < rendered.timeline.samples.length);
check("render: timeline", rendered.timeline.samples.reduce((a, b) => a + b, 0), sum(inTimeline(picked(isShop))));
check("render: timeline of a group", rendered.groups.us.samples.reduce((a, b) => a + b, 0), sum(inTimeline(picked((s) => isShop(s) && s.region === "us"))));
check("render: an application's name", (await get("render", { query: "cart.cpu{region=\"eu\"}", ...times })).flamebearer.numTicks,
	sum(picked((s) => s.kind === CPU && s.service === "cart")));
check("render: Graphviz", (await get("render", { query: shop, ...times, format: "dot" })).startsWith("digraph"), true);
const difference = await get("pyroscope/render-diff", { leftQuery: shop, leftFrom: times.from, leftUntil: times.until,
	rightQuery: `${CPU}{service_name="cart"}`, rightFrom: times.from, rightUntil: times.until });
check("render-diff: left", stacksOf(difference.flamebearer.names, difference.flamebearer.levels, 7, 0), foldedOf(picked(isShop)));
check("render-diff: right", stacksOf(difference.flamebearer.names, difference.flamebearer.levels, 7, 3),
	foldedOf(picked((s) => s.kind === CPU && s.service === "cart")));
check("render-diff: totals", [difference.leftTicks, difference.metadata.format], [sum(picked(isShop)), "double"]);
check("label-values", await get("pyroscope/label-values", { label: "service_name" }), ["cart", "shop"]);

const drilldown = async (method, body) => (await fetch(`${url}querier.v1.QuerierService/${method}`,
	{ method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) })).json();
check("Drilldown: services and types", (await drilldown("Series", { start: Number(start), end: Number(end),
	labelNames: ["service_name", "__profile_type__"], matchers: [] })).labelsSet.length, 4);
check("Drilldown: a profile", stacksOfPprof(await drilldown("SelectMergeProfile", { profile_typeID: CPU,
	label_selector: "{service_name=\"shop\"}", start: Number(start), end: Number(end), maxNodes: 16384 })), foldedOf(picked(isShop)));
process.exit(failed);
