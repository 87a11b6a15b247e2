/* search: which frames match, and what share of the samples passes through them. */
import { Kind, Layout } from "../draw/layout";

export interface Query {
	text: string;
	regex: boolean;
	matchCase: boolean;
}

export interface Matches {
	nodes: Uint32Array; // ascending
	functions: number; // distinct names
	all: number; // the value under at least one match, nothing twice
	starts: Float64Array; // that value as disjoint spans, ascending
	ends: Float64Array;
	order: Uint32Array; // the nodes from left to right, callers before callees
}

const NAME_LOOK_MAX = 16384; // of a longer name only so much is searched

/* Says whether a name matches; throws with a sentence when the expression is wrong. */
export function matcher(query: Query): (name: string) => boolean {
	if (query.regex) {
		const expression = new RegExp(query.text, query.matchCase ? "" : "i");

		return (name) => expression.test(name.slice(0, NAME_LOOK_MAX));
	}
	if (query.matchCase) return (name) => name.includes(query.text);
	const text = query.text.toLowerCase();

	return (name) => name.toLowerCase().includes(text);
}

function matchingNames(layout: Layout, matches: (name: string) => boolean): Uint8Array {
	const { frames } = layout;
	const seen = new Uint8Array(frames.texts.count); // 0 unknown, 1 no, 2 yes
	const frameMatches = new Uint8Array(frames.count);

	for (let i = 0; i < frames.count; i++) {
		const name = frames.name[i];

		if (frames.kind[i] === Kind.Elided) continue;
		if (!seen[name]) seen[name] = matches(frames.texts.at(name)) ? 2 : 1;
		frameMatches[i] = seen[name] - 1;
	}
	return frameMatches;
}

export function search(layout: Layout, query: Query): Matches {
	const hit = matchingNames(layout, matcher(query));
	const { firstChild, frame, start, total, frames } = layout;
	const covered = new Uint8Array(layout.count); // has a matching frame at or above it
	const nodes: number[] = [];
	const tops: number[] = [];
	const names = new Set<number>();
	let all = 0;

	for (let i = 1; i < layout.count; i++) {
		if (!hit[frame[i]]) continue;
		nodes.push(i);
		names.add(frames.name[frame[i]]);
	}
	for (let i = 0; i < layout.count; i++) {
		const above = covered[i];

		if (!above && i > 0 && hit[frame[i]]) {
			covered[i] = 1;
			tops.push(i);
			all += total[i];
		}
		if (covered[i]) covered.fill(1, firstChild[i], firstChild[i + 1]);
	}
	tops.sort((a, b) => start[a] - start[b]);
	return {
		nodes: Uint32Array.from(nodes),
		functions: names.size,
		all,
		starts: Float64Array.from(tops, (i) => start[i]),
		ends: Float64Array.from(tops, (i) => start[i] + total[i]),
		order: Uint32Array.from(nodes).sort((a, b) => start[a] - start[b] || a - b),
	};
}

/* The matched value between x0 and x1. */
export function matchedWithin(matches: Matches, x0: number, x1: number): number {
	let sum = 0;

	for (let i = 0; i < matches.starts.length; i++)
		sum += Math.max(0, Math.min(matches.ends[i], x1) - Math.max(matches.starts[i], x0));
	return sum;
}
