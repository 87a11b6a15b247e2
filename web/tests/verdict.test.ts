/* verdict.test: how much, how sure and where, of a comparison that is known. */
import assert from "node:assert/strict";
import test from "node:test";
import { colourPair, PAIR_STEPS } from "../src/draw/colour";
import { Layout, Texts, pairOf, pairWidths, place } from "../src/draw/layout";
import { transform } from "../src/model/transform";
import { verdictOf } from "../src/model/verdict";

/* all → main → { search → compile, stock }; compile has twice as much as before. */
function layout(): Layout {
	const names = ["all", "main", "search", "stock", "compile"];
	const text = new TextEncoder().encode(names.join(""));
	const ends = Uint32Array.from(names.map((_, i) => names.slice(0, i + 1).join("").length));
	const firstChild = Uint32Array.from([1, 2, 4, 5, 5, 5]);
	const pair = pairOf(firstChild, Float64Array.from([0, 0, 100, 500, 400]), Float64Array.from([0, 0, 100, 500, 800]));
	const placed = place(firstChild, pairWidths(pair));

	return {
		count: 5,
		depth: 4,
		firstChild,
		...placed,
		frame: Uint32Array.from([0, 1, 2, 3, 4]),
		id: null,
		hidden: new Map(),
		wholeCount: 5,
		pair,
		frames: {
			count: 5,
			name: Uint32Array.from([0, 1, 2, 3, 4]),
			module: new Uint32Array(5),
			kind: new Uint8Array(5),
			family: new Uint8Array(5),
			texts: new Texts(text, ends),
		},
	};
}

const pair = (samples: [number, number]) => ({
	samples,
	wholes: [1000, 1400] as [number, number],
	significant: 1,
	rows: [],
});

test("forty per cent more, all of it in compile", () => {
	const verdict = verdictOf(pair([1000, 1400]), [60, 60], layout())!;

	assert.ok(Math.abs(verdict.change - 0.4) < 1e-9);
	assert.ok(verdict.sure);
	assert.equal(verdict.where!.name, "compile");
	assert.equal(verdict.where!.under, "search");
	assert.ok(Math.abs(verdict.where!.share - 1) < 1e-9);
});

test("a longer range has more without being slower", () => {
	const verdict = verdictOf(pair([1000, 1400]), [60, 84], null)!;

	assert.ok(Math.abs(verdict.change) < 1e-9);
	assert.ok(!verdict.sure);
});

test("few samples are sure of nothing", () => {
	assert.ok(!verdictOf(pair([10, 14]), [60, 60], layout())!.sure);
	assert.equal(verdictOf({ ...pair([0, 0]), wholes: [0, 5] }, [1, 1], null), null);
});

test("colours: grey where chance explains it, both ways from there", () => {
	const steps = (n: number) => [...colourPair(layout().pair!, n, n)].map((s) => s - PAIR_STEPS);

	assert.deepEqual(steps(10), [0, 0, 0, 0, 0]);
	const [, main, search, stock, compile] = steps(10000);

	assert.equal(main, 0);
	assert.ok(search > 0 && compile >= search);
	assert.ok(stock < 0);
});

test("both sides survive a transform", () => {
	const changed = transform(layout(), { kind: "hide", name: "search" });

	assert.deepEqual([...changed.pair!.before], [1000, 1000, 400, 500]);
	assert.deepEqual([...changed.pair!.after], [1400, 1400, 800, 500]);
});
