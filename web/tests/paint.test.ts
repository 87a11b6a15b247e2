/* paint.test: no box that is wide enough to see is missing from the picture. */
import assert from "node:assert/strict";
import test from "node:test";
import { colourFrames, palette } from "../src/draw/colour";
import { Layout, depthOf } from "../src/draw/layout";
import { Painter, ROW, Scene, depthAt, heightOf, rowTop } from "../src/draw/paint";
import { SERVICE, layoutOf } from "./fixture";

type Rect = [number, number, number, number];

/* A canvas that remembers what was filled and written. */
function canvas() {
	const rects: Rect[] = [];
	const texts: string[] = [];
	const nothing = () => undefined;
	const ctx = new Proxy({} as Record<string, unknown>, {
		get: (target, name: string) => {
			if (name === "fillRect") return (...rect: Rect) => rects.push(rect);
			if (name === "fillText") return (text: string) => texts.push(text);
			if (name === "measureText") return (text: string) => ({ width: text.length * 7 });
			return name in target ? target[name] : nothing;
		},
		set: (target, name: string, value) => ((target[name] = value), true),
	});

	return { ctx: ctx as unknown as CanvasRenderingContext2D, rects, texts };
}

function sceneOf(layout: Layout, change: Partial<Scene> = {}): Scene {
	return {
		layout,
		colours: colourFrames(layout.frames),
		palette: palette(false),
		font: "12px monospace",
		x0: 0,
		x1: layout.total[0],
		width: 1000,
		height: 600,
		scrollTop: 0,
		icicle: true,
		ratio: 1,
		lit: null,
		selectedName: -1,
		selectedNodes: null,
		current: -1,
		hover: -1,
		focusDepth: 0,
		...change,
	};
}

/* Narrow boxes before, between and after wide ones, at many offsets. */
function mixed(seed: number): string {
	const lines: string[] = [];
	let random = seed;
	const next = () => (random = (random * 1103515245 + 12345) & 0x7fffffff) / 0x7fffffff;

	for (let i = 0; i < 120; i++) {
		const value = next() < 0.7 ? 1 + Math.floor(next() * 30) : 2000 + Math.floor(next() * 5000);

		lines.push(`main;f${String(i).padStart(3, "0")};g ${value}`);
	}
	return lines.join("\n");
}

test("every box of a pixel or more is painted where it lies", () => {
	for (let seed = 1; seed < 60; seed++) {
		const layout = layoutOf(mixed(seed));
		const scene = sceneOf(layout);
		const { ctx, rects } = canvas();

		new Painter().paint(ctx, scene);
		for (let node = 0; node < layout.count; node++) {
			const x = (layout.start[node] / layout.total[0]) * 1000;
			const width = (layout.total[node] / layout.total[0]) * 1000;
			const y = depthOf(layout, node) * ROW;

			if (width < 1) continue;
			assert.ok(
				rects.some((r) => r[1] === y && Math.abs(r[0] - x) <= 1 && Math.abs(r[2] - width) <= 2.5),
				`seed ${seed}: node ${node} at ${x}, ${width} wide`,
			);
		}
	}
});

test("runs of boxes too narrow to see leave no hole and make no wide box", () => {
	const lines = Array.from({ length: 5000 }, (_, i) => `main;t${String(i).padStart(4, "0")} 1`);
	const layout = layoutOf(lines.join("\n"));
	const { ctx, rects } = canvas();

	new Painter().paint(ctx, sceneOf(layout));
	const row = rects.filter((r) => r[1] === 2 * ROW && r[3] < ROW + 1);

	assert.ok(row.every((r) => r[2] <= 4), "no box pretends to be a wide frame");
	row.sort((a, b) => a[0] - b[0]);
	for (let i = 1; i < row.length; i++) assert.ok(row[i][0] <= row[i - 1][0] + row[i - 1][2] + 1);
	assert.ok(row.length <= 1000);
});

test("wide boxes carry their names, and a zoomed caller its own", () => {
	const layout = layoutOf(SERVICE);
	const { ctx, texts } = canvas();

	new Painter().paint(ctx, sceneOf(layout));
	for (const name of ["main", "serve", "handle", "build", "search", "sys_write"])
		assert.ok(texts.includes(name), name);
});

test("only visible rows are painted, upright and icicle", () => {
	const layout = layoutOf(Array.from({ length: 300 }, (_, i) => `f${i}`).join(";") + " 1");

	for (const icicle of [true, false]) {
		const { ctx, rects } = canvas();
		const scene = sceneOf(layout, { icicle, scrollTop: 1000, height: 400 });

		new Painter().paint(ctx, scene);
		assert.ok(rects.length > 15 && rects.length < 40);
		assert.equal(heightOf(layout), 301 * ROW);
	}
});

test("the row under a point is the one painted there", () => {
	const layout = layoutOf(SERVICE);

	for (const icicle of [true, false])
		for (const height of [100, 600]) {
			const scene = sceneOf(layout, { icicle, height, scrollTop: height === 100 ? 30 : 0 });

			for (let depth = 0; depth < layout.depth; depth++) {
				assert.equal(depthAt(scene, rowTop(scene, depth) + 1), depth);
				assert.equal(depthAt(scene, rowTop(scene, depth) + ROW - 1), depth);
			}
		}
});

test("chosen frames are painted however narrow they are", () => {
	const layout = layoutOf("a;wide 100000\nb;match 1\n");
	const match = [...Array(layout.count).keys()].filter((n) => layout.total[n] === 1).pop()!;
	const { ctx, rects } = canvas();

	new Painter().paint(ctx, sceneOf(layout, { lit: Uint32Array.from([match]) }));
	const x = (layout.start[match] / layout.total[0]) * 1000;

	assert.ok(rects.some((r) => r[1] === 2 * ROW && Math.abs(r[0] - x) <= 1 && r[2] >= 1));
});

/* Many leaves of many names below callers of all widths. */
function large(): Layout {
	const lines: string[] = [];

	for (let i = 0; i < 100_000; i++)
		lines.push(`main;caller${Math.floor(i ** 0.5)};f${(i * 7919) % 20000};leaf${i % 3} ${1 + (i % 97)}`);
	return layoutOf(lines.join("\n"));
}

test("a frame costs what can be seen, and texts are cut and measured once", () => {
	const layout = large();
	const painter = new Painter();
	const { ctx } = canvas();
	const scene = sceneOf(layout);
	const first = painter.paint(ctx, scene);
	const again = painter.paint(ctx, scene);

	assert.ok(layout.count > 150_000);
	assert.ok(first.boxes <= layout.depth * scene.width, `${first.boxes} boxes`);
	assert.ok(first.labels > 0 && first.fitted >= first.labels && first.measured > 0);
	assert.deepEqual(again, { ...first, fitted: 0, measured: 0 });

	/* A small movement cuts only texts whose room has changed, and measures none. */
	const moved = painter.paint(ctx, { ...scene, x0: layout.total[0] / 5000 });

	assert.equal(moved.measured, 0);
	assert.ok(moved.fitted < first.fitted, `${moved.fitted} of ${first.fitted}`);
});

test("a piece of a name too short to say anything is left out, a short name is not", () => {
	const layout = layoutOf("a_long_name;f 1\nabc;g 1\nzz;h 28");
	const { ctx, texts } = canvas();

	new Painter().paint(ctx, sceneOf(layout));
	assert.ok(texts.includes("abc") && texts.includes("g") && !texts.some((t) => t.includes("…")));
});
