/* place: where in the dashboard the reader is; all of it is in the address. */
import { EVERYTHING, Filter, Selection, Span, filterText, parseFilter, shortTime } from "./selection";

export type Tab = "flame" | "table" | "traces" | "compare";

/* What the selection is compared with: the same samples, but for what is said here. */
export interface Versus {
	ago: string; // "before" = the time just before, "1h", "1d", "7d"
	at: Span | null; // another range
	filters: Filter[]; // instead of those with the same name
	trace: string; // instead of the trace
}

export interface Place {
	page: "home" | "explore";
	selection: Selection;
	at: Span | null; // the part of the range that was picked on the timeline
	group: string; // the label that the timeline is split by
	tab: Tab;
	versus: Versus | null;
	heat: boolean; // the timeline shows how much single profiles have
	utc: boolean;
	search: string; // of the list of services
	embed: boolean; // inside another page: the picture and its truth alone
}

export const HOME: Place = {
	page: "home",
	selection: EVERYTHING,
	at: null,
	group: "",
	tab: "flame",
	versus: null,
	heat: false,
	utc: false,
	search: "",
	embed: false,
};

const TRACE = /^[0-9a-f]{32}$/;
const SPAN = /^[0-9a-f]{16}$/;
const TABS: Tab[] = ["flame", "table", "traces", "compare"];
const LATE_TRACE = "now-24h"; // who follows a link to a trace may come hours after it

function parseSpan(text: string | null): Span | null {
	const match = /^(\d{1,12}(?:\.\d{1,9})?)-(\d{1,12}(?:\.\d{1,9})?)$/.exec(text ?? "");
	const span: Span = match ? [Number(match[1]), Number(match[2])] : [0, 0];

	return span[0] < span[1] ? span : null;
}

function spanText(span: Span): string {
	return `${shortTime(span[0])}-${shortTime(span[1])}`;
}

function filtersOf(words: URLSearchParams, key: string): Filter[] {
	return words
		.getAll(key)
		.map(parseFilter)
		.filter((f): f is Filter => f !== null);
}

function versusOf(words: URLSearchParams): Versus | null {
	const vs = words.get("vs");
	const versus = {
		ago: /^(before|1h|1d|7d)$/.test(vs ?? "") ? vs! : "",
		at: parseSpan(vs),
		filters: filtersOf(words, "vs_label"),
		trace: ids(words.getAll("vs_trace"), TRACE)[0] ?? "",
	};

	return versus.ago || versus.at || versus.filters.length || versus.trace ? versus : null;
}

function ids(texts: string[], form: RegExp): string[] {
	return texts.map((text) => text.trim().toLowerCase()).filter((text) => form.test(text));
}

/* Whatever the address says, the result is a place; words that make no sense are left out. */
export function placeOf(path: string, search: string): Place {
	const words = new URLSearchParams(search);
	const trace = /^\/trace\/([^/]+)$/.exec(path)?.[1];
	/* Some write the lower half alone. */
	const whole = (id: string) => (/^[0-9a-f]{16}$/i.test(id) ? id.padStart(32, "0") : id);
	const traces = ids([...(trace ? [trace] : []), ...words.getAll("trace")].map(whole), TRACE);
	const tab = words.get("tab") as Tab;
	const word = (name: string, otherwise: string) => words.get(name) || otherwise;

	return {
		page: trace || path === "/explore" ? "explore" : "home",
		selection: {
			service: word("service", ""),
			type: word("type", EVERYTHING.type),
			from: word("from", traces.length ? LATE_TRACE : EVERYTHING.from),
			until: word("until", EVERYTHING.until),
			filters: filtersOf(words, "label"),
			traces,
			spans: ids(words.getAll("span"), SPAN),
		},
		at: parseSpan(words.get("at")),
		group: word("group", ""),
		tab: TABS.includes(tab) ? tab : "flame",
		versus: versusOf(words),
		heat: words.get("heat") === "1",
		utc: words.get("zone") === "utc",
		search: word("search", ""),
		embed: words.get("embed") === "1",
	};
}

/* Only what differs from the usual is written: a short link stays short. */
export function addressOf(place: Place): string {
	const { selection, versus } = place;
	const words = new URLSearchParams();
	const isTrace = place.page === "explore" && selection.traces.length === 1;
	const put = (name: string, value: string, usual: string) => {
		if (value && value !== usual) words.append(name, value);
	};

	put("service", selection.service, "");
	put("type", selection.type, EVERYTHING.type);
	put("from", selection.from, isTrace ? LATE_TRACE : EVERYTHING.from);
	put("until", selection.until, EVERYTHING.until);
	for (const filter of selection.filters) words.append("label", filterText(filter));
	if (!isTrace) for (const trace of selection.traces) words.append("trace", trace);
	for (const one of selection.spans) words.append("span", one);
	if (place.at) words.set("at", spanText(place.at));
	put("group", place.group, "");
	put("tab", place.tab, HOME.tab);
	if (versus) {
		put("vs", versus.at ? spanText(versus.at) : versus.ago, "");
		for (const filter of versus.filters) words.append("vs_label", filterText(filter));
		put("vs_trace", versus.trace, "");
	}
	if (place.heat) words.set("heat", "1");
	if (place.utc) words.set("zone", "utc");
	if (place.embed) words.set("embed", "1");
	if (place.page === "home") put("search", place.search, "");
	const path = place.page === "home" ? "/" : isTrace ? `/trace/${selection.traces[0]}` : "/explore";
	const query = words.toString();

	return query ? `${path}?${query}` : path;
}
