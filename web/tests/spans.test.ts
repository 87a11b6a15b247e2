import assert from "node:assert/strict";
import { test } from "node:test";
import { kindsOf } from "../src/model/kinds";
import { areTogether, joinSpans, timesOf } from "../src/model/spans";

const CPU = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";
const BLOCK = "block:delay:nanoseconds:contentions:count";
const row = (span: string, total: number, from: number, until: number) => ({
	trace: "t",
	span,
	service: "shop",
	total,
	from,
	until,
});

test("the chosen kind is first, and only time is beside it", () => {
	const kinds = kindsOf([BLOCK, CPU, "memory:alloc_space:bytes:space:bytes"]);

	assert.deepEqual(
		timesOf(kinds, "alloc_space").map((kind) => kind.label),
		["Alloc", "CPU", "Waits"],
	);
	assert.deepEqual(
		timesOf(kinds, "cpu").map((kind) => kind.label),
		["CPU", "Waits"],
	);
});

test("spans are joined over kinds; one without samples is left out", () => {
	const kinds = timesOf(kindsOf([CPU, BLOCK, "off_cpu:off_cpu:nanoseconds:off_cpu:nanoseconds"]), "cpu");
	const spans = joinSpans(kinds, [
		{ found: 1, unit: "", rows: [row("a", 5, 10, 20)] },
		{ found: 0, unit: "", rows: [] },
		{ found: 2, unit: "", rows: [row("a", 1, 5, 15), row("b", 9, 10, 20)] },
	]);

	assert.deepEqual(
		spans.kinds.map((kind) => kind.label),
		["CPU", "Waits"],
	);
	assert.deepEqual(
		spans.rows.map((one) => [one.span, one.took, one.from, one.until]),
		[
			["b", [0, 9], 10, 20],
			["a", [5, 1], 5, 20],
		],
	);
	assert.equal(spans.found, 2);
	assert.equal(areTogether(spans.rows), false);
	assert.equal(areTogether([]), true);
});
