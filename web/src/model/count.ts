/* count: self and total of functions, their callers and callees, from a layout. */
import { Peek, PeekRow, TopRow } from "../api/source";
import { Kind, Layout, kindOf, nameIdOf, nameOf, moduleOf, selfOf } from "../draw/layout";

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
	const active = new Map<number, number>();

	descend(
		layout,
		(node) => {
			const kind = kindOf(layout, node);
			const name = nameIdOf(layout, node);

			if (!isFunction(kind)) return;
			let row = rows.get(name);
			const inside = active.get(name) ?? 0;

			if (!row) {
				row = {
					name: nameOf(layout, node),
					module: moduleOf(layout, node),
					kind,
					self: 0,
					total: 0,
				};
				rows.set(name, row);
			}
			/* Called "inlined" only when it is so everywhere. */
			if (row.kind === Kind.Inlined) row.kind = kind;
			row.self += selfOf(layout, node);
			if (inside === 0) row.total += layout.total[node];
			active.set(name, inside + 1);
		},
		(node) => {
			const name = nameIdOf(layout, node);

			if (isFunction(kindOf(layout, node))) active.set(name, active.get(name)! - 1);
		},
	);
	return [...rows.values()];
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
			.sort((a, b) => b.value - a.value || (a.name < b.name ? -1 : 1));
	}
}

export function localPeek(layout: Layout, name: string): Peek {
	const callers = new Edges();
	const callees = new Edges();
	const result = { self: 0, total: 0 };
	let inside = 0;
	const is = (node: number) =>
		node >= 0 && isFunction(kindOf(layout, node)) && nameOf(layout, node) === name;
	const edgeName = (node: number) =>
		isFunction(kindOf(layout, node)) ? nameOf(layout, node) : "";

	descend(
		layout,
		(node, parent) => {
			const value = layout.total[node];

			if (is(parent) && kindOf(layout, node) !== Kind.Elided)
				callees.enter(nameOf(layout, node), value);
			if (!is(node)) return;
			callers.enter(edgeName(parent), value);
			result.self += selfOf(layout, node);
			if (inside++ === 0) result.total += value;
		},
		(node, parent) => {
			if (is(parent) && kindOf(layout, node) !== Kind.Elided)
				callees.leave(nameOf(layout, node));
			if (!is(node)) return;
			callers.leave(edgeName(parent));
			inside--;
		},
	);
	return { ...result, callers: callers.rows(), callees: callees.rows() };
}
