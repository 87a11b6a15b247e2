/* search.test: matches and shares, against sums over the stacks themselves. */
import assert from "node:assert/strict";
import test from "node:test";
import { nameOf } from "../src/draw/layout";
import { matchedWithin, search } from "../src/model/search";
import { SERVICE, layoutOf, valueWhere } from "./fixture";

const layout = layoutOf(SERVICE);
const literal = (text: string) => ({ text, regex: false, matchCase: false });
const has = (part: string) => (stack: string[]) => stack.some((name) => name.includes(part));

test("a nested match is not counted twice", () => {
	const found = search(layout, literal("parse"));

	assert.equal(found.nodes.length, 2);
	assert.equal(found.functions, 1);
	assert.equal(found.all, valueWhere(SERVICE, has("parse")));
});

test("every search sums what the stacks themselves sum", () => {
	for (const part of ["e", "main", "s", "handle", "print", "nothing", "sys_", "a"])
		assert.equal(search(layout, literal(part)).all, valueWhere(SERVICE, has(part)), part);
});

test("the visible share is what matches within the visible range", () => {
	const node = [...Array(layout.count).keys()].find((n) => nameOf(layout, n) === "search")!;
	const from = layout.start[node];
	const found = search(layout, literal("parse"));

	assert.equal(matchedWithin(found, from, from + layout.total[node]), 40);
	assert.equal(matchedWithin(found, 0, layout.total[0]), found.all);
	assert.equal(matchedWithin(found, from, from), 0);
});

test("case matters only when asked", () => {
	assert.equal(search(layout, { text: "PARSE", regex: false, matchCase: true }).nodes.length, 0);
	assert.equal(search(layout, { text: "PARSE", regex: false, matchCase: false }).nodes.length, 2);
	assert.equal(search(layout, { text: "^PARSE$", regex: true, matchCase: false }).nodes.length, 2);
});

test("a literal search takes dots and brackets as they are", () => {
	assert.equal(search(layout, literal("_[k]")).nodes.length, 1);
	assert.equal(search(layout, literal("p.rse")).nodes.length, 0);
});

test("an impossible expression is an error, not an empty answer", () => {
	assert.throws(() => search(layout, { text: "(", regex: true, matchCase: false }));
});

test("next goes from left to right, callers before callees", () => {
	const order = search(layout, literal("e")).order;

	for (let i = 1; i < order.length; i++) {
		const [a, b] = [order[i - 1], order[i]];

		assert.ok(layout.start[a] < layout.start[b] || (layout.start[a] === layout.start[b] && a < b));
	}
});
