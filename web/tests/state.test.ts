/* state.test: the address holds the whole view, and nonsense in it does no harm. */
import assert from "node:assert/strict";
import test from "node:test";
import { START, Undo, View, fromHash, toHash } from "../src/model/state";

const FULL: View = {
	type: 1,
	group: "thread",
	zoom: 12,
	range: [100, 250],
	icicle: true,
		sides: true,
	search: "a&b=#<script>",
	regex: true,
	matchCase: true,
	selected: "std::vector<int>::push_back(int const&)",
	transforms: [{ kind: "focus", name: "x:y" }, { kind: "hide", name: "z" }, { kind: "collapse" }],
	side: "function",
	sort: "total",
	filter: "lib c",
};

test("what was chosen comes back from the address", () => {
	assert.deepEqual(fromHash("#" + toHash(FULL)), FULL);
});

test("the start needs no words", () => {
	assert.equal(toHash(START), "");
	assert.deepEqual(fromHash(""), START);
});

test("words that make no sense are left out", () => {
	const hash = "#type=-1&zoom=1e9&range=9-3&side=evil&sort=&do=explode:all&do=hide:&regex=yes";

	assert.deepEqual(fromHash(hash), START);
});

test("a name too long for an address is left out of it", () => {
	assert.ok(toHash({ ...START, selected: "f".repeat(1 << 20) }).length < 100);
});

test("undo goes back step by step, and not for ever", () => {
	const undo = new Undo();

	for (let i = 0; i < 500; i++) undo.push({ ...START, zoom: i });
	assert.equal(undo.pop()!.zoom, 499);
	assert.equal(undo.pop()!.zoom, 498);
	let left = 0;

	while (undo.pop()) left++;
	assert.ok(left < 200 && undo.empty);
});
