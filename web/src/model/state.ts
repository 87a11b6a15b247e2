/* state: what the reader chose, as one immutable value; it lives in the address's hash. */
import { Transform } from "./transform";

export interface View {
	type: number; // -1: the profile's default
	group: string;
	zoom: number; // id of the zoomed node
	range: [number, number] | null; // a free zoom, in values
	icicle: boolean;
	sides: boolean; // the callers of the selected function above it, what it calls below
	search: string;
	regex: boolean;
	matchCase: boolean;
	selected: string | null; // a function's name
	transforms: Transform[];
	side: "top" | "function" | "none";
	sort: "self" | "total" | "name";
	filter: string; // of the table
}

export const START: View = {
	type: -1,
	group: "",
	zoom: 0,
	range: null,
	icicle: false,
	sides: false,
	search: "",
	regex: false,
	matchCase: false,
	selected: null,
	transforms: [],
	side: "top",
	sort: "self",
	filter: "",
};

/* Names of a hash longer than this are left out of it: an address has limits too. */
const NAME_MAX = 512;

function transformText(t: Transform): string {
	return t.kind === "collapse" ? "collapse" : `${t.kind}:${t.name}`;
}

function parseTransform(text: string): Transform | null {
	if (text === "collapse") return { kind: "collapse" };
	const match = /^(focus|hide|callers):([^]+)$/.exec(text);

	return match && { kind: match[1] as "focus" | "hide" | "callers", name: match[2] };
}

/* Only what differs from the start is written: a short link stays short. */
export function toHash(view: View): string {
	const words = new URLSearchParams();
	const put = (key: string, value: string | number | boolean, start: unknown) => {
		if (value !== start) words.set(key, value === true ? "1" : String(value));
	};

	put("type", view.type, START.type);
	put("group", view.group, START.group);
	put("zoom", view.zoom, START.zoom);
	if (view.range) words.set("range", view.range.map((v) => Math.round(v)).join("-"));
	put("icicle", view.icicle, START.icicle);
	put("sides", view.sides, START.sides);
	put("q", view.search, START.search);
	put("regex", view.regex, START.regex);
	put("case", view.matchCase, START.matchCase);
	if (view.selected !== null && view.selected.length <= NAME_MAX) words.set("f", view.selected);
	for (const t of view.transforms)
		if (transformText(t).length <= NAME_MAX) words.append("do", transformText(t));
	put("side", view.side, START.side);
	put("sort", view.sort, START.sort);
	put("filter", view.filter, START.filter);
	return words.toString();
}

function oneOf<T extends string>(text: string | null, allowed: readonly T[], otherwise: T): T {
	return allowed.includes(text as T) ? (text as T) : otherwise;
}

function natural(text: string | null, otherwise: number): number {
	return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : otherwise;
}

/* Whatever the hash says, the result is a view; words that make no sense are left out. */
export function fromHash(hash: string): View {
	const words = new URLSearchParams(hash.replace(/^#/, ""));
	const range = /^(\d{1,19})-(\d{1,19})$/.exec(words.get("range") ?? "");

	return {
		type: natural(words.get("type"), START.type),
		group: words.get("group") ?? START.group,
		zoom: natural(words.get("zoom"), START.zoom),
		range: range && Number(range[1]) < Number(range[2]) ? [Number(range[1]), Number(range[2])] : null,
		icicle: words.get("icicle") === "1",
		sides: words.get("sides") === "1",
		search: words.get("q") ?? START.search,
		regex: words.get("regex") === "1",
		matchCase: words.get("case") === "1",
		selected: words.get("f"),
		transforms: words
			.getAll("do")
			.map(parseTransform)
			.filter((t): t is Transform => t !== null),
		side: oneOf(words.get("side"), ["top", "function", "none"] as const, START.side),
		sort: oneOf(words.get("sort"), ["self", "total", "name"] as const, START.sort),
		filter: words.get("filter") ?? START.filter,
	};
}

/* Steps back, a bounded number of them. */
export class Undo {
	private steps: View[] = [];

	push(view: View) {
		this.steps.push(view);
		if (this.steps.length > 100) this.steps.shift();
	}

	pop(): View | undefined {
		return this.steps.pop();
	}

	get empty(): boolean {
		return this.steps.length === 0;
	}
}
