/* layout: a flame graph as columns, in level order; what the painter draws and the model counts. */

export enum Kind {
	User,
	Kernel,
	Jit,
	Runtime,
	Inlined,
	Group,
	Truncated,
	Elided, // boxes too narrow to send, merged; the layout says how many
}

/* Texts stay bytes until somebody asks: most names of a large profile are never drawn. */
export class Texts {
	private cache: (string | undefined)[];
	private decoder = new TextDecoder();

	/* Text i is bytes[ends[i - 1], ends[i]). */
	constructor(
		private bytes: Uint8Array,
		private ends: Uint32Array,
	) {
		this.cache = new Array(ends.length);
	}

	get count(): number {
		return this.ends.length;
	}

	at(i: number): string {
		let text = this.cache[i];

		if (text === undefined) {
			const from = i ? this.ends[i - 1] : 0;

			text = this.decoder.decode(this.bytes.subarray(from, this.ends[i]));
			this.cache[i] = text;
		}
		return text;
	}
}

/* A frame is a name in a module, of one kind; many nodes are the same frame. */
export interface Frames {
	count: number;
	name: Uint32Array; // in texts
	module: Uint32Array; // in texts
	kind: Uint8Array;
	family: Uint8Array; // the kind of the code it is part of: what an inlined frame's module is
	texts: Texts;
}

/*
 * Node 0 is "all". The children of node i are firstChild[i] … firstChild[i + 1] - 1; the nodes of
 * depth d are level[d] … level[d + 1] - 1, sorted by start. A node's own width comes first, its
 * children after it. `id` names nodes across layouts of one profile (null: a node's id is its
 * index) and ascends.
 */
export interface Layout {
	count: number;
	depth: number; // rows
	firstChild: Uint32Array;
	level: Uint32Array;
	frame: Uint32Array;
	start: Float64Array;
	total: Float64Array;
	id: Uint32Array | null;
	hidden: Map<number, number>; // of an elided node: how many boxes it stands for
	wholeCount: number; // nodes of the profile, sent or not
	frames: Frames;
	pair: Pair | null; // of a comparison; then widths are those of pairWidths()
}

/* What each node has on both sides of a comparison. */
export interface Pair {
	beforeSelf: Float64Array;
	afterSelf: Float64Array;
	before: Float64Array; // totals
	after: Float64Array;
}

/* The index of the last element of a[from, to) that is ≤ value, or from - 1. */
export function lastAtMost(
	a: ArrayLike<number>,
	value: number,
	from: number,
	to: number,
): number {
	let low = from;
	let high = to;

	while (low < high) {
		const middle = (low + high) >>> 1;

		if (a[middle] <= value) low = middle + 1;
		else high = middle;
	}
	return low - 1;
}

export function depthOf(layout: Layout, node: number): number {
	return lastAtMost(layout.level, node, 0, layout.level.length);
}

/* The parent, or -1 of the root. */
export function parentOf(layout: Layout, node: number): number {
	/* Leaves share firstChild with the next parent: the last index that is ≤ node is the one. */
	return node === 0 ? -1 : lastAtMost(layout.firstChild, node, 0, layout.count);
}

export function selfOf(layout: Layout, node: number): number {
	const from = layout.firstChild[node];

	return layout.firstChild[node + 1] > from
		? layout.start[from] - layout.start[node]
		: layout.total[node];
}

export function kindOf(layout: Layout, node: number): Kind {
	return layout.frames.kind[layout.frame[node]];
}

export function familyOf(layout: Layout, node: number): Kind {
	return layout.frames.family[layout.frame[node]];
}

export function nameIdOf(layout: Layout, node: number): number {
	return layout.frames.name[layout.frame[node]];
}

export function nameOf(layout: Layout, node: number): string {
	return layout.frames.texts.at(nameIdOf(layout, node));
}

export function moduleOf(layout: Layout, node: number): string {
	return layout.frames.texts.at(layout.frames.module[layout.frame[node]]);
}

export function idOf(layout: Layout, node: number): number {
	return layout.id ? layout.id[node] : node;
}

/* The node with that id, or -1 when this layout does not have it. */
export function nodeOf(layout: Layout, id: number): number {
	if (!layout.id) return id >= 0 && id < layout.count ? id : -1;
	const node = lastAtMost(layout.id, id, 0, layout.count);

	return node >= 0 && layout.id[node] === id ? node : -1;
}

/* The node at a depth that covers `value`, or -1 in a gap. */
export function nodeAt(layout: Layout, depth: number, value: number): number {
	if (depth < 0 || depth >= layout.depth) return -1;
	const first = layout.level[depth];
	const node = lastAtMost(layout.start, value, first, layout.level[depth + 1]);

	if (node < first || value >= layout.start[node] + layout.total[node]) return -1;
	return node;
}

/* From the root to the node, both included. */
export function pathTo(layout: Layout, node: number): number[] {
	const path = [];

	for (let at = node; at >= 0; at = parentOf(layout, at)) path.push(at);
	return path.reverse();
}

/*
 * Fills start, total and level from the shape and the self values: totals upward, starts downward.
 * `self` is consumed: it is the array that becomes total.
 */
export function place(firstChild: Uint32Array, self: Float64Array) {
	const count = self.length;
	const own = self.slice();
	const start = new Float64Array(count);
	const level = [0];

	for (let i = count - 1; i >= 0; i--)
		for (let c = firstChild[i]; c < firstChild[i + 1]; c++) self[i] += self[c];
	for (let i = 0; i < count; i++) {
		let at = start[i] + own[i];

		for (let c = firstChild[i]; c < firstChild[i + 1]; c++) {
			start[c] = at;
			at += self[c];
		}
	}
	for (let end = Math.min(1, count); end < count; end = firstChild[end]) level.push(end);
	level.push(count);
	return { start, total: self, level: Uint32Array.from(level) };
}

/* Totals from the leaves up. */
function totals(firstChild: Uint32Array, self: Float64Array): Float64Array {
	const total = self.slice();

	for (let i = self.length - 1; i >= 0; i--)
		for (let c = firstChild[i]; c < firstChild[i + 1]; c++) total[i] += total[c];
	return total;
}

export function pairOf(firstChild: Uint32Array, beforeSelf: Float64Array, afterSelf: Float64Array): Pair {
	return {
		beforeSelf,
		afterSelf,
		before: totals(firstChild, beforeSelf),
		after: totals(firstChild, afterSelf),
	};
}

/*
 * How wide nodes of a comparison are themselves: both sides weigh the same whatever their totals,
 * and what is on one side alone has half its width: nothing vanishes, and widths still add up.
 */
export function pairWidths(pair: Pair): Float64Array {
	const scale = pair.before[0] > 0 && pair.after[0] > 0 ? pair.after[0] / pair.before[0] : 1;

	return pair.afterSelf.map((after, i) => (after + scale * pair.beforeSelf[i]) / 2);
}
