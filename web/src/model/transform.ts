/* transform: another picture of the same samples: a function as the root, frames left out. */
import { Kind, Layout, kindOf, nameOf, pairOf, parentOf, place, selfOf } from "../draw/layout";

export type Transform =
	| { kind: "focus"; name: string } // the function as the root, all its callers merged away
	| { kind: "callers"; name: string } // the function as the root, its callers above it
	| { kind: "hide"; name: string } // its frames vanish, their callees go to the caller
	| { kind: "collapse" }; // a function called by itself is one frame

export function describe(transform: Transform): string {
	if (transform.kind === "collapse") return "recursion collapsed";
	const words = { focus: "only", hide: "without", callers: "who calls" };

	return `${words[transform.kind]} ${transform.name}`;
}

/* The topmost nodes of that name: none lies below another. */
function topmost(layout: Layout, name: string): number[] {
	const covered = new Uint8Array(layout.count);
	const found: number[] = [];

	for (let i = 0; i < layout.count; i++) {
		if (!covered[i] && nameOf(layout, i) === name && kindOf(layout, i) !== Kind.Group) {
			covered[i] = 1;
			found.push(i);
		}
		if (covered[i]) covered.fill(1, layout.firstChild[i], layout.firstChild[i + 1]);
	}
	return found;
}

/* What a new layout is grown from: each new node stands for some nodes of the old one. */
class Growth {
	frame: number[] = [];
	self: number[] = [];
	before: number[] = []; // of a comparison
	after: number[] = [];
	firstChild: number[] = [];
	private sources: number[][] = [];

	constructor(
		private layout: Layout,
		private absorbed: (node: number, into: number) => boolean,
	) {}

	add(frame: number, sources: number[]) {
		this.frame.push(frame);
		this.sources.push(sources);
	}

	/* A root that stands for nothing itself and has one child, or none (child -1). */
	addRoot(frame: number, child: number, sources: number[]) {
		this.add(frame, []);
		this.firstChild.push(1);
		this.self.push(0);
		this.before.push(0);
		this.after.push(0);
		if (child >= 0) this.add(child, sources);
	}

	grow() {
		for (let i = this.firstChild.length; i < this.frame.length; i++) {
			this.firstChild.push(this.frame.length);
			this.open(i);
			this.sources[i] = [];
		}
		this.firstChild.push(this.frame.length);
	}

	/* Sums the self values of what node i stands for, and adds its children, by name. */
	private open(i: number) {
		const { layout } = this;
		const children = new Map<number, number[]>();
		const work = this.sources[i];
		const { pair } = layout;
		let self = 0;
		let before = 0;
		let after = 0;

		for (let w = 0; w < work.length; w++) {
			self += selfOf(layout, work[w]);
			before += pair?.beforeSelf[work[w]] ?? 0;
			after += pair?.afterSelf[work[w]] ?? 0;
			const end = layout.firstChild[work[w] + 1];

			for (let c = layout.firstChild[work[w]]; c < end; c++) {
				if (this.absorbed(c, this.frame[i])) work.push(c);
				else {
					const same = children.get(layout.frame[c]);

					if (same) same.push(c);
					else children.set(layout.frame[c], [c]);
				}
			}
		}
		this.self.push(self);
		this.before.push(before);
		this.after.push(after);
		if (children.size === 0) return;
		const sorted = [...children].map(([frame, list]) => ({
			name: layout.frames.texts.at(layout.frames.name[frame]),
			frame,
			list,
		}));

		if (sorted.length > 1)
			sorted.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.frame - b.frame));
		for (const child of sorted) this.add(child.frame, child.list);
	}
}

function finish(layout: Layout, growth: Growth): Layout {
	growth.grow();
	const firstChild = Uint32Array.from(growth.firstChild);
	const placed = place(firstChild, Float64Array.from(growth.self));

	return {
		count: growth.frame.length,
		depth: placed.level.length - 1,
		firstChild,
		...placed,
		frame: Uint32Array.from(growth.frame),
		id: null,
		hidden: new Map(),
		wholeCount: growth.frame.length,
		pair: layout.pair && pairOf(firstChild, Float64Array.from(growth.before), Float64Array.from(growth.after)),
		frames: layout.frames,
	};
}

function focus(layout: Layout, name: string): Layout {
	const roots = topmost(layout, name);
	const growth = new Growth(layout, () => false);

	growth.addRoot(layout.frame[0], roots.length ? layout.frame[roots[0]] : -1, roots);
	return finish(layout, growth);
}

/* A frame and the values of the stacks that come through it, on the way from the function to the root. */
interface Caller {
	frame: number;
	value: number;
	before: number;
	after: number;
	callers: Map<number, Caller>;
}

/* `bare`: without a root that stands for all. */
function callers(layout: Layout, name: string, bare = false): Layout {
	const { pair, frame, frames } = layout;
	const found = topmost(layout, name);
	const make = (of: number): Caller => ({ frame: of, value: 0, before: 0, after: 0, callers: new Map() });
	const add = (into: Caller, node: number) => {
		into.value += layout.total[node];
		into.before += pair?.before[node] ?? 0;
		into.after += pair?.after[node] ?? 0;
	};
	const all = make(frame[0]);
	const root = make(found.length ? frame[found[0]] : frame[0]);

	for (const node of found) {
		let at = root;

		add(root, node);
		for (let up = parentOf(layout, node); up > 0; up = parentOf(layout, up)) {
			let next = at.callers.get(frame[up]);

			if (!next) at.callers.set(frame[up], (next = make(frame[up])));
			add(next, node);
			at = next;
		}
	}
	if (found.length) all.callers.set(root.frame, root);
	Object.assign(all, { value: root.value, before: root.before, after: root.after });
	const nameOfFrame = (of: number) => frames.texts.at(frames.name[of]);
	const order = [bare ? root : all];
	const firstChild: number[] = [];

	for (let i = 0; i < order.length; i++) {
		const next = [...order[i].callers.values()];

		firstChild.push(order.length);
		next.sort((a, b) => (nameOfFrame(a.frame) < nameOfFrame(b.frame) ? -1 : 1));
		for (const caller of next) order.push(caller);
	}
	firstChild.push(order.length);
	/* What its callers do not have began here. */
	const own = (of: "value" | "before" | "after") =>
		Float64Array.from(order, (c) => c[of] - [...c.callers.values()].reduce((sum, d) => sum + d[of], 0));
	const first = Uint32Array.from(firstChild);
	const placed = place(first, own("value"));

	return {
		count: order.length,
		depth: placed.level.length - 1,
		firstChild: first,
		...placed,
		frame: Uint32Array.from(order, (c) => c.frame),
		id: null,
		hidden: new Map(),
		wholeCount: order.length,
		pair: pair && pairOf(first, own("before"), own("after")),
		frames,
	};
}

/* Both pictures of a function, it at the root of each; null where no frame has that name. */
export interface Sides {
	callers: Layout;
	callees: Layout;
}

export function sidesOf(layout: Layout, name: string): Sides | null {
	const roots = topmost(layout, name);

	if (roots.length === 0) return null;
	const growth = new Growth(layout, () => false);

	growth.add(layout.frame[roots[0]], roots);
	return { callers: callers(layout, name, true), callees: finish(layout, growth) };
}

export function transform(layout: Layout, by: Transform): Layout {
	if (by.kind === "focus") return focus(layout, by.name);
	if (by.kind === "callers") return callers(layout, by.name);
	const { frames } = layout;
	const growth = new Growth(
		layout,
		by.kind === "hide"
			? (node) => nameOf(layout, node) === by.name && kindOf(layout, node) !== Kind.Group
			: (node, into) => frames.name[layout.frame[node]] === frames.name[into],
	);

	growth.add(layout.frame[0], [0]);
	return finish(layout, growth);
}
