/* paint: the visible part of a layout as rectangles and labels on a canvas, each frame anew. */
import { clip, shown, unmarked } from "./clip";
import { Palette } from "./colour";
import { Kind, Layout, lastAtMost } from "./layout";

export const ROW = 20; // CSS pixels
const GAP = 1;
const RUN_MAX = 2; // a longer run of merged boxes would look like one wide frame
const TEXT_FROM = 26; // narrower boxes carry no name
const PAD = 4;
export const FONT = 12;

export interface Scene {
	layout: Layout;
	colours: Uint8Array; // of each frame, into palette.fills
	palette: Palette;
	font: string;
	x0: number; // the visible values
	x1: number;
	width: number; // CSS pixels
	height: number;
	scrollTop: number;
	icicle: boolean;
	ratio: number; // device pixels a CSS pixel
	lit: Uint32Array | null; // nodes that stand out, ascending; the others are dimmed
	selectedName: number; // text id, or -1
	selectedNodes: Uint32Array | null; // nodes of that name, ascending
	current: number; // the node the keyboard is on, or -1
	hover: number;
	focusDepth: number; // rows above this (towards the root) are ancestors of the zoomed frame
}

/* The painted height of all rows. */
export function heightOf(layout: Layout): number {
	return layout.depth * ROW;
}

/* The top of a row, before scrolling. Upright pictures stand on the bottom of the canvas. */
export function rowTop(scene: Scene, depth: number): number {
	if (scene.icicle) return depth * ROW - scene.scrollTop;
	const all = Math.max(heightOf(scene.layout), scene.height);

	return all - (depth + 1) * ROW - scene.scrollTop;
}

export function depthAt(scene: Scene, y: number): number {
	if (scene.icicle) return Math.floor((y + scene.scrollTop) / ROW);
	const all = Math.max(heightOf(scene.layout), scene.height);

	return Math.ceil((all - y - scene.scrollTop) / ROW) - 1;
}

/* Rectangles of one colour, painted together: setting a colour costs more than a box. */
class Batch {
	private boxes: number[][] = [];

	add(colour: number, x: number, y: number, w: number, h: number) {
		(this.boxes[colour] ??= []).push(x, y, w, h);
	}

	paint(ctx: CanvasRenderingContext2D, fills: string[]) {
		this.boxes.forEach((list, colour) => {
			ctx.fillStyle = fills[colour];
			for (let i = 0; i < list.length; i += 4)
				ctx.fillRect(list[i], list[i + 1], list[i + 2], list[i + 3]);
		});
	}
}

interface Label {
	node: number;
	x: number;
	y: number;
	width: number;
}

type Visit = (node: number, x: number, width: number, merged: boolean) => void;

/*
 * Calls back for each box of a row that is at least one device pixel wide, and once for each run of
 * narrower ones: after one of those it gallops to the first box that starts beyond its pixel.
 */
function walkRow(scene: Scene, depth: number, visit: Visit) {
	const { start, total, level } = scene.layout;
	const end = level[depth + 1];
	const scale = scene.width / (scene.x1 - scene.x0);
	const pixel = 1 / scene.ratio;
	let i = lastAtMost(start, scene.x0, level[depth], end);
	let runFrom = 0;
	let runTo = -1;
	let runNode = -1;
	const flush = () => {
		if (runNode >= 0) visit(runNode, runFrom, Math.max(runTo - runFrom, pixel), true);
		runNode = -1;
	};

	if (i < level[depth] || start[i] + total[i] <= scene.x0) i++;
	while (i < end && start[i] < scene.x1) {
		const from = (start[i] - scene.x0) * scale;
		const to = from + total[i] * scale;

		if (to - from >= pixel) {
			flush();
			visit(i++, from, to - from, false);
			continue;
		}
		if (runNode >= 0 && (from > runTo + pixel || runTo - runFrom >= RUN_MAX)) flush();
		if (runNode < 0) {
			runNode = i;
			runFrom = from;
		}
		runTo = Math.max(to, from + pixel);
		const beyond = scene.x0 + (from + pixel) / scale;
		const next = gallop(start, beyond, i + 1, end);

		/* The last one that starts within the pixel may reach far out of it. */
		i = next - 1 > i && start[next - 1] + total[next - 1] > beyond ? next - 1 : next;
	}
	flush();
}

/* The first index in [from, end) whose start is at least `value`; close ones are found first. */
function gallop(start: Float64Array, value: number, from: number, end: number): number {
	let step = 1;
	let low = from;

	while (low + step < end && start[low + step] < value) {
		low += step;
		step *= 2;
	}
	let high = Math.min(end, low + step + 1);

	while (low < high) {
		const middle = (low + high) >>> 1;

		if (start[middle] < value) low = middle + 1;
		else high = middle;
	}
	return low;
}

/* Clips to the canvas and to device pixels, so that edges are sharp; keeps one pixel between
 * neighbours where there is room. */
function snap(scene: Scene, x: number, width: number): [number, number] {
	const r = scene.ratio;
	const from = Math.round(Math.max(x, -2) * r) / r;
	const to = Math.round(Math.min(x + width, scene.width + 2) * r) / r;

	return [from, Math.max(to - from - (to - from > 3 ? GAP / r : 0), 1 / r)];
}

function paintHatch(ctx: CanvasRenderingContext2D, colour: string, x: number, y: number, w: number) {
	if (w < 3) return;
	ctx.save();
	ctx.beginPath();
	ctx.rect(x, y, w, ROW - GAP);
	ctx.clip();
	ctx.strokeStyle = colour;
	ctx.lineWidth = 1.5;
	ctx.beginPath();
	for (let at = x - (x % 7) - ROW; at < x + w; at += 7) {
		ctx.moveTo(at, y + ROW);
		ctx.lineTo(at + ROW, y);
	}
	ctx.stroke();
	ctx.restore();
}

/* Labels in one colour; characters of monospace text all have one width unless they are foreign. */
class Labeller {
	private charWidth: number;

	constructor(
		private ctx: CanvasRenderingContext2D,
		private scene: Scene,
	) {
		ctx.font = scene.font;
		ctx.textBaseline = "middle";
		ctx.direction = "ltr";
		this.charWidth = ctx.measureText("abcdefghij").width / 10;
	}

	draw(label: Label, text: string) {
		const from = Math.max(label.x, 0) + PAD;
		const room = Math.min(label.x + label.width, this.scene.width) - PAD - from;
		const fitted = this.fit(text, room);

		if (fitted) this.ctx.fillText(fitted, from, label.y + (ROW - GAP) / 2 + 0.5);
	}

	private fit(text: string, room: number): string {
		let chars = Math.floor(room / this.charWidth);
		let fitted = shown(clip(text, chars));

		/* Wide scripts and spelled-out controls take more than was reckoned. */
		for (let tries = 0; tries < 6 && fitted; tries++) {
			/* eslint-disable-next-line no-control-regex */
			const plain = /^[\x20-\x7e…]*$/.test(fitted);
			const width = plain
				? fitted.length * this.charWidth
				: this.ctx.measureText(fitted).width;

			if (width <= room + 0.5) return fitted;
			chars = Math.floor(chars * Math.min(0.9, room / width));
			fitted = shown(clip(text, chars));
		}
		return "";
	}
}

/* Everything but the labels of one row. */
function layRow(scene: Scene, depth: number, y: number, batch: Batch, after: Rest) {
	const { frame, frames } = scene.layout;

	walkRow(scene, depth, (node, x, width, merged) => {
		const [from, wide] = snap(scene, x, width);
		const kind: Kind = frames.kind[frame[node]];
		/* An inlined frame is part of its caller: no gap between them. */
		const joined = kind === Kind.Inlined && !merged && wide > 2;
		const top = joined && scene.icicle ? y - GAP : y;

		batch.add(scene.colours[frame[node]], from, top, wide, ROW - GAP + (joined ? GAP : 0));
		if (!merged && (kind === Kind.Truncated || kind === Kind.Elided))
			after.hatched.push([from, y, wide]);
		if (!merged && width >= TEXT_FROM) after.labels.push({ node, x, y, width });
	});
}

interface Rest {
	labels: Label[];
	hatched: [number, number, number][];
}

/* Boxes of chosen nodes on top of the others, at least a pixel wide each: none gets lost. */
function overlay(
	ctx: CanvasRenderingContext2D,
	scene: Scene,
	nodes: Uint32Array,
	fill: string,
): Set<number> {
	const { start, total, level } = scene.layout;
	const scale = scene.width / (scene.x1 - scene.x0);
	const painted = new Set<number>();

	ctx.fillStyle = fill;
	for (const depth of visibleRows(scene)) {
		const y = rowTop(scene, depth);
		let i = lastAtMost(nodes, level[depth] - 1, 0, nodes.length) + 1;
		let filledTo = -1;

		for (; i < nodes.length && nodes[i] < level[depth + 1]; i++) {
			const node = nodes[i];
			const x = (start[node] - scene.x0) * scale;
			const width = total[node] * scale;

			if (x > scene.width) break;
			if (x + width < 0 || x + width <= filledTo) continue;
			const [from, wide] = snap(scene, x, width);

			ctx.fillRect(from, y, wide, ROW - GAP);
			filledTo = from + wide;
			if (width >= TEXT_FROM) painted.add(node);
		}
	}
	return painted;
}

function* visibleRows(scene: Scene): Generator<number> {
	const a = depthAt(scene, 0);
	const b = depthAt(scene, scene.height);
	const last = scene.layout.depth - 1;

	for (let d = Math.max(0, Math.min(a, b)); d <= Math.min(last, Math.max(a, b)); d++) yield d;
}

function outline(ctx: CanvasRenderingContext2D, scene: Scene, node: number, depth: number) {
	const scale = scene.width / (scene.x1 - scene.x0);
	const [x, w] = snap(
		scene,
		(scene.layout.start[node] - scene.x0) * scale,
		scene.layout.total[node] * scale,
	);

	ctx.strokeRect(x + 0.75, rowTop(scene, depth) + 0.75, Math.max(w - 1.5, 1), ROW - GAP - 1.5);
}

export function paint(ctx: CanvasRenderingContext2D, scene: Scene) {
	const { palette, layout } = scene;
	const batch = new Batch();
	const rest: Rest = { labels: [], hatched: [] };
	const dim = scene.lit !== null;

	ctx.setTransform(scene.ratio, 0, 0, scene.ratio, 0, 0);
	ctx.fillStyle = palette.background;
	ctx.fillRect(0, 0, scene.width, scene.height);
	if (layout.count === 0 || !(scene.x1 > scene.x0)) return;
	for (const depth of visibleRows(scene)) layRow(scene, depth, rowTop(scene, depth), batch, rest);
	batch.paint(ctx, dim ? palette.dimmed : palette.fills);
	for (const [x, y, w] of rest.hatched) paintHatch(ctx, palette.hatch, x, y, w);
	paintAncestors(ctx, scene);

	const selected = scene.selectedNodes
		? overlay(ctx, scene, scene.selectedNodes, palette.selectedFill)
		: new Set<number>();
	const lit = scene.lit ? overlay(ctx, scene, scene.lit, palette.lit) : new Set<number>();

	paintLabels(ctx, scene, rest.labels, lit, selected);
	paintOutlines(ctx, scene);
}

/* What leads to the zoomed frame is there to go back to, not to be read. */
function paintAncestors(ctx: CanvasRenderingContext2D, scene: Scene) {
	if (scene.focusDepth <= 0) return;
	const edge = rowTop(scene, scene.focusDepth - 1);
	const top = scene.icicle ? Math.min(0, edge) : edge;
	const bottom = scene.icicle ? edge + ROW - GAP : scene.height;

	ctx.globalAlpha = 0.45;
	ctx.fillStyle = scene.palette.background;
	ctx.fillRect(0, top, scene.width, bottom - top);
	ctx.globalAlpha = 1;
}

function paintLabels(
	ctx: CanvasRenderingContext2D,
	scene: Scene,
	labels: Label[],
	lit: Set<number>,
	selected: Set<number>,
) {
	const labeller = new Labeller(ctx, scene);
	const { frame, frames, hidden } = scene.layout;

	for (const label of labels) {
		const node = label.node;
		const name = frames.texts.at(frames.name[frame[node]]);
		const count = hidden.get(node);

		if (lit.has(node)) ctx.fillStyle = scene.palette.litText;
		else if (selected.has(node)) ctx.fillStyle = "#1a1204";
		else ctx.fillStyle = scene.lit ? scene.palette.dimmedText : scene.palette.text;
		labeller.draw(label, count === undefined ? unmarked(name) : `${count.toLocaleString("en")} narrower`);
	}
}

function paintOutlines(ctx: CanvasRenderingContext2D, scene: Scene) {
	const { level } = scene.layout;
	const depthOf = (node: number) => lastAtMost(level, node, 0, level.length);

	ctx.lineWidth = 1.5;
	ctx.strokeStyle = scene.palette.selected;
	if (scene.hover >= 0) {
		ctx.globalAlpha = 0.55;
		outline(ctx, scene, scene.hover, depthOf(scene.hover));
		ctx.globalAlpha = 1;
	}
	if (scene.current >= 0) outline(ctx, scene, scene.current, depthOf(scene.current));
}
