/* steps.test: a timeline has no holes where profiles come at their pace, and all of its sums. */
import assert from "node:assert/strict";
import test from "node:test";
import { smooth } from "../src/model/steps";

const timeline = (points: number[], from = 100) => ({
	from,
	step: 10,
	unit: "nanoseconds",
	lines: [{ value: "", total: points.reduce((a, b) => a + b, 0), points }],
});

test("a profile every third step makes steps three times as long", () => {
	const made = smooth(timeline([0, 5, 0, 0, 6, 0, 0, 7, 0, 0, 8, 0]));

	assert.equal(made.step, 30);
	assert.equal(made.from % 30, 0);
	assert.deepEqual(made.lines[0].points, [5, 6, 7, 8, 0]);
});

test("what comes all the time stays as it is, and so does what came once", () => {
	const dense = timeline([1, 2, 3, 0, 4, 5]);
	const once = timeline([0, 0, 9, 0]);

	assert.equal(smooth(dense), dense);
	assert.equal(smooth(once), once);
});
