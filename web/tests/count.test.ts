/* count.test: the table and the neighbours, against sums over the stacks themselves. */
import assert from "node:assert/strict";
import test from "node:test";
import { localPeek, localTop } from "../src/model/count";
import { SERVICE, layoutOf, parse, valueWhere } from "./fixture";

const RECURSIVE = `
main;walk;walk;walk;leaf 7
main;walk;walk 5
main;walk;leaf;walk 3
leaf 2
`;

for (const [title, folded] of [
	["a service", SERVICE],
	["recursion", RECURSIVE],
]) {
	const layout = layoutOf(folded);
	const names = new Set(parse(folded).flatMap(([stack]) => stack));

	test(`${title}: self is the value of stacks that end there, total of those that contain it`, () => {
		const rows = localTop(layout);

		assert.equal(rows.length, names.size);
		for (const row of rows) {
			assert.equal(row.self, valueWhere(folded, (s) => s[s.length - 1] === row.name), row.name);
			assert.equal(row.total, valueWhere(folded, (s) => s.includes(row.name)), row.name);
		}
	});

	test(`${title}: a call counts once in each stack, however often it is made`, () => {
		for (const name of names) {
			const peek = localPeek(layout, name);

			for (const callee of peek.callees)
				assert.equal(
					callee.value,
					valueWhere(folded, (s) => s.some((f, i) => f === name && s[i + 1] === callee.name)),
				);
			assert.ok(![...peek.callers, ...peek.callees].some((row) => row.name === name));
			for (const caller of peek.callers)
				assert.equal(
					caller.value,
					valueWhere(folded, (s) =>
						s.some((f, i) => i > 0 && f === name && s[i - 1] === caller.name),
					),
				);
			assert.equal(peek.total, valueWhere(folded, (s) => s.includes(name)));
		}
	});
}
