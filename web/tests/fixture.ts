/* fixture: layouts made from folded stacks, and the bytes of one, without the code under test. */
import { Kind, Layout, Texts, place } from "../src/draw/layout";

interface Node {
	name: string;
	self: number;
	children: Map<string, Node>;
}

export function parse(folded: string): [string[], number][] {
	return folded
		.trim()
		.split("\n")
		.map((line) => {
			const space = line.lastIndexOf(" ");

			return [line.slice(0, space).split(";"), Number(line.slice(space + 1))];
		});
}

function grow(folded: string): Node {
	const root: Node = { name: "all", self: 0, children: new Map() };

	for (const [stack, count] of parse(folded)) {
		let at = root;

		for (const name of stack) {
			let child = at.children.get(name);

			if (!child) at.children.set(name, (child = { name, self: 0, children: new Map() }));
			at = child;
		}
		at.self += count;
	}
	return root;
}

export function textsOf(list: string[]): Texts {
	const encoded = list.map((text) => new TextEncoder().encode(text));
	const ends: number[] = [];
	let end = 0;

	for (const bytes of encoded) ends.push((end += bytes.length));
	const all = new Uint8Array(end);

	encoded.forEach((bytes, i) => all.set(bytes, i ? ends[i - 1] : 0));
	return new Texts(all, Uint32Array.from(ends));
}

/* Level order, siblings by name; a name ending in _[k] is the kernel's. */
export function layoutOf(folded: string): Layout {
	const order = [grow(folded)];
	const firstChild: number[] = [];
	const names: string[] = [""];
	const idOf = new Map<string, number>([["", 0]]);

	for (let i = 0; i < order.length; i++) {
		firstChild.push(order.length);
		order.push(...[...order[i].children.values()].sort((a, b) => (a.name < b.name ? -1 : 1)));
		if (!idOf.has(order[i].name)) {
			idOf.set(order[i].name, names.length);
			names.push(order[i].name);
		}
	}
	firstChild.push(order.length);
	const first = Uint32Array.from(firstChild);
	const placed = place(first, Float64Array.from(order, (node) => node.self));
	const kinds = names.map((name) =>
		name === "all" ? Kind.Group : name.endsWith("_[k]") ? Kind.Kernel : Kind.User,
	);

	return {
		count: order.length,
		depth: placed.level.length - 1,
		firstChild: first,
		...placed,
		frame: Uint32Array.from(order, (node) => idOf.get(node.name)!),
		id: null,
		hidden: new Map(),
		wholeCount: order.length,
		frames: {
			count: names.length,
			name: Uint32Array.from(names.keys()),
			module: new Uint32Array(names.length),
			kind: Uint8Array.from(kinds),
			family: Uint8Array.from(kinds),
			texts: textsOf(names),
		},
	};
}

export const SERVICE = `
main;serve;handle;build;escape 40
main;serve;handle;build;print;fmt 25
main;serve;handle;search;compile;parse;branch;parse 10
main;serve;handle;search;compile;parse 30
main;serve;handle;search;exec 20
main;serve;handle;write;sys_write_[k] 15
main;serve;accept 5
main 3
`;

/* An independent count: the value of all stacks that a test accepts. */
export function valueWhere(folded: string, accept: (stack: string[]) => boolean): number {
	return parse(folded).reduce((sum, [stack, n]) => sum + (accept(stack) ? n : 0), 0);
}
