/* spans: what each span of a request took, of each kind that was sampled. */
import { Traces } from "../api/lists";
import { Kind, kindOf, unitOf } from "./kinds";

export interface SpanRow {
	trace: string;
	span: string;
	service: string;
	from: number; // of the profiles that it is in: no sample has a time of its own
	until: number;
	took: number[]; // of each kind
}

export interface Spans {
	kinds: Kind[];
	rows: SpanRow[]; // what took most of all kinds of time first
	found: number; // those that are not listed, too
}

const KINDS_MAX = 4;
const WAITING = /^(off_cpu|block):/;

export const isWaiting = (kind: Kind) => WAITING.test(kind.type);
export const isCpu = (kind: Kind) => kind.type.startsWith("process_cpu:cpu:");

/* The kinds of time among those that there are, and the one that is looked at. */
export function timesOf(kinds: Kind[], chosen: string): Kind[] {
	const own = kindOf(chosen);
	const times = kinds.filter((kind) => unitOf(kind.type) === "nanoseconds" && kind.type !== own.type);

	return [own, ...times].slice(0, KINDS_MAX);
}

/* One row a span, whichever kinds have it; kinds that have none are left out, but the first. */
export function joinSpans(kinds: Kind[], found: Traces[]): Spans {
	const rows = new Map<string, SpanRow>();
	const kept = kinds.map((_, i) => i).filter((i) => i === 0 || found[i].rows.length > 0);

	kept.forEach((of, i) => {
		for (const { trace, span, service, total, from, until } of found[of].rows) {
			const took = new Array<number>(kept.length).fill(0);
			const row = rows.get(trace + span) ?? { trace, span, service, from, until, took };

			row.from = Math.min(row.from, from);
			row.until = Math.max(row.until, until);
			row.took[i] += total;
			rows.set(trace + span, row);
		}
	});
	const weight = (row: SpanRow) => row.took.reduce((sum, n) => sum + n, 0);

	return {
		kinds: kept.map((i) => kinds[i]),
		rows: [...rows.values()].sort((a, b) => weight(b) - weight(a) || (a.span < b.span ? -1 : 1)),
		found: Math.max(...found.map((one) => one.found)),
	};
}

/* Do all rows rest on the same profiles? Then nobody knows which span came first. */
export function areTogether(rows: SpanRow[]): boolean {
	return rows.every((row) => row.from === rows[0].from && row.until === rows[0].until);
}
