/* transform.test: other pictures of the same samples keep their sums. */
import assert from "node:assert/strict";
import test from "node:test";
import { Layout, nameOf, selfOf } from "../src/draw/layout";
import { sidesOf, transform } from "../src/model/transform";
import { SERVICE, layoutOf, parse, valueWhere } from "./fixture";

/* The stacks that a layout draws, as sorted folded lines. */
function folded(layout: Layout): string[] {
	const lines: string[] = [];
	const visit = (node: number, stack: string[]) => {
		const self = selfOf(layout, node);

		if (self) lines.push(`${stack.join(";")} ${self}`);
		for (let c = layout.firstChild[node]; c < layout.firstChild[node + 1]; c++)
			visit(c, [...stack, nameOf(layout, c)]);
	};

	visit(0, []);
	return lines.sort();
}

/* The same done to the stacks themselves. */
function expected(text: string, change: (stack: string[]) => string[] | null): string[] {
	const sums = new Map<string, number>();

	for (const [stack, n] of parse(text)) {
		const changed = change(stack);

		if (changed) sums.set(changed.join(";"), (sums.get(changed.join(";")) ?? 0) + n);
	}
	return [...sums].map(([stack, n]) => `${stack} ${n}`).sort();
}

const layout = layoutOf(SERVICE);

test("focus makes the function the root of every stack that has it", () => {
	const focused = transform(layout, { kind: "focus", name: "parse" });

	assert.deepEqual(
		folded(focused),
		expected(SERVICE, (s) => (s.includes("parse") ? s.slice(s.indexOf("parse")) : null)),
	);
	assert.equal(focused.total[0], valueWhere(SERVICE, (s) => s.includes("parse")));
});

test("focus on a function that is nowhere is an empty picture", () => {
	const focused = transform(layout, { kind: "focus", name: "nowhere" });

	assert.equal(focused.total[0], 0);
	assert.equal(focused.count, 1);
});

test("hide gives a function's samples and callees to its caller", () => {
	assert.deepEqual(
		folded(transform(layout, { kind: "hide", name: "handle" })),
		expected(SERVICE, (s) => s.filter((name) => name !== "handle")),
	);
	assert.equal(transform(layout, { kind: "hide", name: "main" }).total[0], layout.total[0]);
});

test("collapse makes direct recursion one frame", () => {
	const text = "a;f;f;f;g 3\na;f;g 4\na;f;b;f 5\na;f;f 1\n";

	assert.deepEqual(
		folded(transform(layoutOf(text), { kind: "collapse" })),
		expected(text, (s) => s.filter((name, i) => name !== s[i - 1])),
	);
});

test("siblings stay in alphabetical order", () => {
	const hidden = transform(layout, { kind: "hide", name: "handle" });

	for (let node = 0; node < hidden.count; node++)
		for (let c = hidden.firstChild[node] + 1; c < hidden.firstChild[node + 1]; c++)
			assert.ok(nameOf(hidden, c - 1) < nameOf(hidden, c));
});

test("callers stand above the function, the nearest first, and sums are those of the function", () => {
	for (const name of ["parse", "handle", "main"]) {
		const called = transform(layout, { kind: "callers", name });

		assert.deepEqual(
			folded(called),
			expected(SERVICE, (s) => (s.includes(name) ? s.slice(0, s.indexOf(name) + 1).reverse() : null)),
		);
		assert.equal(called.total[0], valueWhere(SERVICE, (s) => s.includes(name)));
	}
	assert.equal(transform(layout, { kind: "callers", name: "nobody" }).total[0], 0);
});

test("both sides have the function at their roots, and its whole", () => {
	const sides = sidesOf(layout, "parse")!;
	const whole = valueWhere(SERVICE, (stack) => stack.includes("parse"));

	for (const side of [sides.callers, sides.callees]) {
		assert.equal(nameOf(side, 0), "parse");
		assert.equal(side.total[0], whole);
	}
	assert.deepEqual(
		folded(sides.callees),
		expected(SERVICE, (stack) => (stack.includes("parse") ? stack.slice(stack.indexOf("parse") + 1) : null)),
	);
	assert.equal(sidesOf(layout, "nobody"), null);
});
