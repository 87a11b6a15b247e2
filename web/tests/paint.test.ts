/* paint: every box that is wide enough to be seen is painted, whatever stands beside it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { colourFrames, palette } from "../src/draw/colour";
import { Layout } from "../src/draw/layout";
import { ROW, heightOf, paint } from "../src/draw/paint";
import { layoutOf } from "./fixture";

interface Box {
	x: number;
	y: number;
	width: number;
}

/* The boxes that a canvas of so many pixels would show, without its background. */
function painted(layout: Layout, width: number): Box[] {
	const boxes: Box[] = [];
	const ctx = {
		fillRect: (x: number, y: number, w: number, h: number) =>
			h <= ROW && boxes.push({ x, y, width: w }),
		fillText: () => {},
		measureText: (text: string) => ({ width: 7 * text.length }),
		setTransform: () => {},
		strokeRect: () => {},
	};

	paint(ctx as unknown as CanvasRenderingContext2D, {
		layout,
		colours: colourFrames(layout.frames),
		palette: palette(false),
		font: "",
		x0: 0,
		x1: layout.total[0],
		width,
		height: heightOf(layout),
		scrollTop: 0,
		icicle: true,
		ratio: 1,
		lit: null,
		selectedName: -1,
		selectedNodes: null,
		current: -1,
		hover: -1,
		focusDepth: 0,
	});
	return boxes;
}

test("a wide box that starts in the pixel of a sliver is painted", () => {
	const boxes = painted(layoutOf("a 3\nb 9990\nc 7"), 1000);

	assert.ok(boxes.some((box) => box.y === ROW && box.width > 990));
});

test("so is one behind many slivers in one pixel", () => {
	const slivers = Array.from({ length: 40 }, (_, i) => `a${100 + i} 1`).join("\n");
	const boxes = painted(layoutOf(`${slivers}\nb 99960`), 1000);

	assert.ok(boxes.some((box) => box.y === ROW && box.width > 990));
});

test("no pixel of a full row stays empty", () => {
	let state = 1;
	const random = () => (state = (state * 48271) % 2147483647) / 2147483647;

	for (let round = 0; round < 50; round++) {
		const widths = Array.from({ length: 60 }, () => (random() < 0.6 ? 1 : Math.ceil(random() * 900)));
		const layout = layoutOf(widths.map((w, i) => `f${100 + i} ${w}`).join("\n"));
		const row = painted(layout, 500).filter((box) => box.y === ROW);
		let reached = 0;

		for (const box of row.sort((a, b) => a.x - b.x)) {
			assert.ok(box.x <= reached + 2, `round ${round}: a gap from ${reached} to ${box.x}`);
			reached = Math.max(reached, box.x + box.width);
		}
		assert.ok(reached >= 498);
	}
});
