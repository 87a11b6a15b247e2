/* count: self and total of functions, their callers and callees, from a layout: the same numbers as
 * the server's (src/server/functions.h). */
import { Peek, PeekRow, TopRow } from "../api/source";
import { Kind, Layout, familyOf, kindOf, nameIdOf, nameOf, moduleOf, selfOf } from "../draw/layout";

/* Calls enter and leave on the way down and up, without recursion. */
export function descend(
	layout: Layout,
	enter: (node: number, parent: number) => void,
	leave: (node: number, parent: number) => void,
) {
	const stack = [0];
	const next = [layout.firstChild[0]];

	if (layout.count === 0) return;
	enter(0, -1);
	while (stack.length) {
		const top = stack.length - 1;
		const node = stack[top];

		if (next[top] < layout.firstChild[node + 1]) {
			const child = next[top]++;

			enter(child, node);
			stack.push(child);
			next.push(layout.firstChild[child]);
		} else {
			stack.pop();
			next.pop();
			leave(node, top ? stack[top - 1] : -1);
		}
	}
}

function isFunction(kind: Kind): boolean {
	return kind !== Kind.Group && kind !== Kind.Elided;
}

/* Every function, a recursive one counted once in each stack. */
export function localTop(layout: Layout): TopRow[] {
	const rows = new Map<number, TopRow>();
	const active = new Uint32Array(layout.frames.texts.count); // of each name: how often above

	descend(
		layout,
		(node) => {
			const kind = kindOf(layout, node);
			const name = nameIdOf(layout, node);

			if (!isFunction(kind)) return;
			let row = rows.get(name);

			if (!row) {
				row = {
					name: nameOf(layout, node),
					module: "",
					kind: Kind.Elided,
					family: kind,
					self: 0,
					total: 0,
				};
				rows.set(name, row);
			}
			/* The lowest kind: "inlined" only when it is so everywhere. */
			if (kind < row.kind) {
				row.kind = kind;
				row.family = familyOf(layout, node);
				row.module = moduleOf(layout, node);
			}
			row.self += selfOf(layout, node);
			if (active[name]++ === 0) row.total += layout.total[node];
		},
		(node) => {
			if (isFunction(kindOf(layout, node))) active[nameIdOf(layout, node)]--;
		},
	);
	return [...rows.values()];
}

/* As the bytes of UTF-8 sort: by code points. */
function compareNames(a: string, b: string): number {
	for (let i = 0; i < a.length && i < b.length; i++)
		if (a[i] !== b[i]) {
			/* Surrogates stand for what lies above all other units. */
			const high = (c: number) => (c >= 0xd800 && c < 0xe000 ? c + 0x10000 : c);

			return high(a.charCodeAt(i)) - high(b.charCodeAt(i));
		}
	return a.length - b.length;
}

/* Sums per neighbour, an edge that a stack passes twice counted once. */
class Edges {
	private sums = new Map<string, number>();
	private active = new Map<string, number>();

	enter(name: string, value: number) {
		const inside = this.active.get(name) ?? 0;

		if (inside === 0) this.sums.set(name, (this.sums.get(name) ?? 0) + value);
		this.active.set(name, inside + 1);
	}

	leave(name: string) {
		this.active.set(name, this.active.get(name)! - 1);
	}

	rows(): PeekRow[] {
		return [...this.sums]
			.map(([name, value]) => ({ name, value }))
			.filter((row) => row.value > 0)
			.sort((a, b) => b.value - a.value || compareNames(a.name, b.name));
	}
}

/* A function that calls itself is no neighbour of its own. */
export function localPeek(layout: Layout, name: string): Peek {
	const callers = new Edges();
	const callees = new Edges();
	const result = { self: 0, total: 0 };
	let inside = 0;
	const functionName = (node: number) =>
		node >= 0 && isFunction(kindOf(layout, node)) ? nameOf(layout, node) : null;
	/* The side on which the call of `node` by `parent` is, and its other end. */
	const edge = (node: number, parent: number): [Edges, string] | null => {
		const callee = functionName(node);
		const caller = functionName(parent);

		if (callee === null || caller === null || callee === caller) return null;
		if (callee === name) return [callers, caller];
		return caller === name ? [callees, callee] : null;
	};

	descend(
		layout,
		(node, parent) => {
			const call = edge(node, parent);

			call?.[0].enter(call[1], layout.total[node]);
			if (functionName(node) !== name) return;
			result.self += selfOf(layout, node);
			if (inside++ === 0) result.total += layout.total[node];
		},
		(node, parent) => {
			const call = edge(node, parent);

			call?.[0].leave(call[1]);
			if (functionName(node) === name) inside--;
		},
	);
	return { ...result, callers: callers.rows(), callees: callees.rows() };
}
