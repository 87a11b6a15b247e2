/* selection: which samples of a server are meant, and how that is written: as an address of the page
 * and as a question to the server (docs/SERVE.md). */

export interface Filter {
	name: string;
	value: string;
	not: boolean;
}

export interface Selection {
	service: string; // "" = all
	type: string; // as the server names it, or a short name
	from: string; // "now-1h", or seconds since 1970
	until: string; // "now", or seconds since 1970
	filters: Filter[]; // of one label: any of its values; of several: all of them
	traces: string[];
	spans: string[];
}

/* Seconds since 1970. */
export type Span = [number, number];

export const EVERYTHING: Selection = {
	service: "",
	type: "cpu",
	from: "now-1h",
	until: "now",
	filters: [],
	traces: [],
	spans: [],
};

const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86400, w: 604800 };

/* What a word for a time means at the time `now`; NaN if nothing. Milli-, micro- and nanoseconds are
 * told by their size, as the server does (src/ingest/when.h): links come from many places. */
export function whenOf(text: string, now: number): number {
	const ago = /^now(?:-(\d{1,9})([smhdw]))?$/.exec(text);

	if (ago) return now - (ago[1] ? Number(ago[1]) * UNITS[ago[2]] : 0);
	if (!/^\d{1,19}(\.\d{1,9})?$/.test(text)) return NaN;
	const number = Number(text);

	return number < 1e11 ? number : number < 1e14 ? number / 1e3 : number < 1e17 ? number / 1e6 : number / 1e9;
}

export function spanOf(selection: { from: string; until: string }, now: number): Span {
	const from = whenOf(selection.from, now);
	const until = whenOf(selection.until, now);

	return from < until ? [from, until] : [now - 3600, now];
}

/* "version=v42", "version!=v42". */
export function filterText(filter: Filter): string {
	return `${filter.name}${filter.not ? "!=" : "="}${filter.value}`;
}

export function parseFilter(text: string): Filter | null {
	const match = /^([A-Za-z_][A-Za-z0-9_.]*)(!?=)([^]*)$/.exec(text);

	return match && { name: match[1], not: match[2] === "!=", value: match[3] };
}

function quoted(text: string): string {
	return `"${text.replace(/[\\"]/g, "\\$&").replace(/\n/g, "\\n").replace(/\t/g, "\\t")}"`;
}

function literally(text: string): string {
	return text.replace(/[\\^$.|?*+()[\]{}]/g, "\\$&");
}

/* The selector of docs/SERVE.md, without its type. */
export function selectorOf(selection: Selection): string {
	const parts: string[] = [];
	const groups = new Map<string, Filter[]>();

	if (selection.service) parts.push(`service_name=${quoted(selection.service)}`);
	for (const filter of selection.filters) {
		const key = filter.name + (filter.not ? "!" : "");

		groups.set(key, [...(groups.get(key) ?? []), filter]);
	}
	for (const [{ name, not, value }, ...others] of groups.values())
		if (others.length === 0) parts.push(`${name}${not ? "!=" : "="}${quoted(value)}`);
		else
			parts.push(
				`${name}${not ? "!~" : "=~"}` +
					quoted([value, ...others.map((f) => f.value)].map(literally).join("|")),
			);
	return `{${parts.join(",")}}`;
}

export function shortTime(seconds: number): string {
	return String(Math.round(seconds * 1000) / 1000);
}

/* The words of a question about these samples, in a range that does not move. */
export function wordsOf(selection: Selection, span: Span, prefix = ""): URLSearchParams {
	const words = new URLSearchParams();

	words.set(`${prefix}query`, selectorOf(selection));
	words.set(`${prefix}type`, selection.type);
	/* In milliseconds: the server takes whole numbers. */
	words.set(`${prefix}from`, String(Math.round(span[0] * 1000)));
	words.set(`${prefix}until`, String(Math.round(span[1] * 1000)));
	for (const trace of selection.traces) words.append(`${prefix}trace`, trace);
	for (const one of selection.spans) words.append(`${prefix}span`, one);
	return words;
}

/* The folder of a selection's own page (src/server/spelling.h). */
export function folderOf(words: URLSearchParams): string {
	const bytes = new TextEncoder().encode(words.toString());
	const text = btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(""));

	return `/view/${text.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "")}/`;
}
