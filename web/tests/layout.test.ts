/* layout.test: navigation in level order, and places computed from self values. */
import assert from "node:assert/strict";
import test from "node:test";
import { depthOf, nameOf, nodeAt, parentOf, pathTo, selfOf } from "../src/draw/layout";
import { SERVICE, layoutOf, valueWhere } from "./fixture";

const layout = layoutOf(SERVICE);
const find = (name: string) =>
	[...Array(layout.count).keys()].find((node) => nameOf(layout, node) === name)!;

test("the root is as wide as all samples together", () => {
	assert.equal(layout.total[0], valueWhere(SERVICE, () => true));
	assert.equal(layout.start[0], 0);
});

test("a node's own part comes first and its children follow without gaps", () => {
	for (let node = 0; node < layout.count; node++) {
		let at = layout.start[node] + selfOf(layout, node);

		for (let c = layout.firstChild[node]; c < layout.firstChild[node + 1]; c++) {
			assert.equal(layout.start[c], at);
			at += layout.total[c];
		}
		assert.equal(at, layout.start[node] + layout.total[node]);
	}
});

test("the parent is found although only children are written down", () => {
	for (let node = 0; node < layout.count; node++)
		for (let c = layout.firstChild[node]; c < layout.firstChild[node + 1]; c++)
			assert.equal(parentOf(layout, c), node);
	assert.equal(parentOf(layout, 0), -1);
});

test("the path to a frame names its callers from the root", () => {
	const names = pathTo(layout, find("fmt")).map((node) => nameOf(layout, node));

	assert.deepEqual(names, ["all", "main", "serve", "handle", "build", "print", "fmt"]);
	assert.equal(depthOf(layout, find("fmt")), 6);
});

test("a point of the picture finds the frame that covers it, or none", () => {
	for (let node = 0; node < layout.count; node++) {
		const depth = depthOf(layout, node);

		assert.equal(nodeAt(layout, depth, layout.start[node]), node);
		assert.equal(nodeAt(layout, depth, layout.start[node] + layout.total[node] - 1), node);
	}
	assert.equal(nodeAt(layout, 1, layout.total[0]), -1);
	assert.equal(nodeAt(layout, 2, 0), -1, "main's own samples have nothing above them");
	assert.equal(nodeAt(layout, 99, 0), -1);
});
