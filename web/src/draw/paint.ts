/* paint: the visible part of a layout as rectangles and labels on a canvas, each frame anew. */
import { clip, shown, unmarked } from "./clip";
import { Palette } from "./colour";
import { Frames, Kind, Layout, lastAtMost } from "./layout";

export const ROW = 20; // CSS pixels
const GAP = 1;
const RUN_MAX = 2; // a longer run of merged boxes would look like one wide frame
const TEXT_FROM = 26; // narrower boxes carry no name
const PAD = 4;
const CHARS_MIN = 5; // a shorter piece of a name says nothing: calm is worth more
const CHARS_MAX = 4095;
const FITTED_MAX = 20_000; // texts remembered
const SELECTED_TEXT = "#1a1204";
const NONE = new Set<number>();
export const FONT = 12;

export interface Scene {
	layout: Layout;
	colours: Uint8Array; // of each frame, into palette.fills
	steps: Uint8Array | null; // of each node of a comparison, from palette.firstOfPair on
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

/* Fours of numbers that are made anew for each frame, in memory that stays. */
class Fours {
	private at = new Float64Array(256);
	length = 0;

	push(a: number, b: number, c: number, d: number) {
		if (this.length + 4 > this.at.length) {
			const grown = new Float64Array(this.at.length * 2);

			grown.set(this.at);
			this.at = grown;
		}
		this.at[this.length++] = a;
		this.at[this.length++] = b;
		this.at[this.length++] = c;
		this.at[this.length++] = d;
	}

	get(i: number): number {
		return this.at[i];
	}
}

/* Rectangles of one colour, painted together: setting a colour costs more than a box. */
class Batch {
	private boxes: Fours[] = [];
	count = 0;

	clear() {
		for (const list of this.boxes) if (list) list.length = 0;
		this.count = 0;
	}

	add(colour: number, x: number, y: number, w: number, h: number) {
		(this.boxes[colour] ??= new Fours()).push(x, y, w, h);
		this.count++;
	}

	paint(ctx: CanvasRenderingContext2D, fills: string[]) {
		for (let colour = 0; colour < this.boxes.length; colour++) {
			const list = this.boxes[colour];

			if (!list?.length) continue;
			ctx.fillStyle = fills[colour];
			for (let i = 0; i < list.length; i += 4)
				ctx.fillRect(list.get(i), list.get(i + 1), list.get(i + 2), list.get(i + 3));
		}
	}
}

/* What one frame cost. */
export interface Work {
	boxes: number; // rectangles
	labels: number;
	fitted: number; // labels whose text was cut to its room: that of the others was known
	measured: number; // texts whose width the canvas was asked for
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

/* Labels; characters of monospace text all have one width unless they are foreign. What was cut to
 * its room once is remembered: frame after frame most labels stay the same. */
class Labeller {
	private charWidth = 0;
	private font = "";
	private frames: Frames | null = null;
	private known = new Map<number, string>(); // by name and room
	private work: Work | null = null;

	begin(ctx: CanvasRenderingContext2D, scene: Scene, work: Work) {
		this.work = work;
		ctx.font = scene.font;
		ctx.textBaseline = "middle";
		ctx.direction = "ltr";
		if (this.frames !== scene.layout.frames || this.known.size > FITTED_MAX) this.known.clear();
		this.frames = scene.layout.frames;
		if (this.font === scene.font) return;
		this.font = scene.font;
		this.known.clear();
		this.charWidth = this.measure(ctx, "abcdefghij") / 10;
	}

	charsIn(room: number): number {
		return Math.max(0, Math.min(CHARS_MAX, Math.floor(room / this.charWidth)));
	}

	/* A name in so many characters; "" when too little of it fits to say anything. */
	name(ctx: CanvasRenderingContext2D, id: number, chars: number): string {
		const key = id * (CHARS_MAX + 1) + chars;
		let text = this.known.get(key);

		if (text === undefined) {
			text = this.fit(ctx, unmarked(this.frames!.texts.at(id)), chars);
			this.known.set(key, text);
		}
		return text;
	}

	fit(ctx: CanvasRenderingContext2D, text: string, chars: number): string {
		const room = chars * this.charWidth;
		let fitted = shown(clip(text, chars));

		this.work!.fitted++;
		if (chars < CHARS_MIN && fitted !== text) return "";
		/* Wide scripts and spelled-out controls take more than was reckoned. */
		for (let tries = 0; tries < 6 && fitted; tries++) {
			/* eslint-disable-next-line no-control-regex */
			const plain = /^[\x20-\x7e…]*$/.test(fitted);
			const width = plain ? fitted.length * this.charWidth : this.measure(ctx, fitted);

			if (width <= room + 0.5) return fitted;
			chars = Math.floor(chars * Math.min(0.9, room / width));
			fitted = shown(clip(text, chars));
		}
		return "";
	}

	private measure(ctx: CanvasRenderingContext2D, text: string): number {
		this.work!.measured++;
		return ctx.measureText(text).width;
	}
}

/* Everything but the labels of one row. */
function layRow(scene: Scene, depth: number, y: number, batch: Batch, rest: Rest) {
	const { frame, frames } = scene.layout;

	walkRow(scene, depth, (node, x, width, merged) => {
		const [from, wide] = snap(scene, x, width);
		const kind: Kind = frames.kind[frame[node]];
		/* An inlined frame is part of its caller: no gap between them. */
		const joined = kind === Kind.Inlined && !merged && wide > 2;
		const top = joined && scene.icicle ? y - GAP : y;

		const colour = scene.steps
			? scene.palette.firstOfPair + scene.steps[node]
			: scene.colours[frame[node]];

		batch.add(colour, from, top, wide, ROW - GAP + (joined ? GAP : 0));
		if (!merged && (kind === Kind.Truncated || kind === Kind.Elided))
			rest.hatched.push(node, from, y, wide);
		if (!merged && width >= TEXT_FROM) rest.labels.push(node, x, y, width);
	});
}

/* node, x, y and width of each */
interface Rest {
	labels: Fours;
	hatched: Fours;
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

/* Paints frame after frame into one canvas. */
export class Painter {
	private batch = new Batch();
	private rest: Rest = { labels: new Fours(), hatched: new Fours() };
	private labeller = new Labeller();

	paint(ctx: CanvasRenderingContext2D, scene: Scene): Work {
		const { palette, layout } = scene;
		const { batch, rest } = this;
		const work: Work = { boxes: 0, labels: 0, fitted: 0, measured: 0 };

		ctx.setTransform(scene.ratio, 0, 0, scene.ratio, 0, 0);
		ctx.fillStyle = palette.background;
		ctx.fillRect(0, 0, scene.width, scene.height);
		if (layout.count === 0 || !(scene.x1 > scene.x0)) return work;
		batch.clear();
		rest.labels.length = 0;
		rest.hatched.length = 0;
		for (const depth of visibleRows(scene))
			layRow(scene, depth, rowTop(scene, depth), batch, rest);
		work.boxes = batch.count;
		batch.paint(ctx, scene.lit ? palette.dimmed : palette.fills);
		paintHatched(ctx, scene, rest.hatched);
		paintAncestors(ctx, scene);

		const selected = scene.selectedNodes
			? overlay(ctx, scene, scene.selectedNodes, palette.selectedFill)
			: NONE;
		const lit = scene.lit ? overlay(ctx, scene, scene.lit, palette.lit) : NONE;

		this.labeller.begin(ctx, scene, work);
		this.paintLabels(ctx, scene, lit, selected, work);
		paintOutlines(ctx, scene);
		return work;
	}

	private paintLabels(
		ctx: CanvasRenderingContext2D,
		scene: Scene,
		lit: Set<number>,
		selected: Set<number>,
		work: Work,
	) {
		const { frame, frames, hidden } = scene.layout;
		const { labeller } = this;
		const { labels } = this.rest;

		for (let i = 0; i < labels.length; i += 4) {
			const node = labels.get(i);
			const x = labels.get(i + 1);
			const from = Math.max(x, 0) + PAD;
			const chars = labeller.charsIn(Math.min(x + labels.get(i + 3), scene.width) - PAD - from);
			const count = hidden.get(node);
			const text =
				count === undefined
					? labeller.name(ctx, frames.name[frame[node]], chars)
					: labeller.fit(ctx, `${count.toLocaleString("en")} narrower`, chars);

			if (!text) continue;
			if (lit.has(node)) ctx.fillStyle = scene.palette.litText;
			else if (selected.has(node)) ctx.fillStyle = SELECTED_TEXT;
			else ctx.fillStyle = scene.lit ? scene.palette.dimmedText : scene.palette.text;
			ctx.fillText(text, from, labels.get(i + 2) + (ROW - GAP) / 2 + 0.5);
			work.labels++;
		}
	}
}

function paintHatched(ctx: CanvasRenderingContext2D, scene: Scene, boxes: Fours) {
	for (let i = 0; i < boxes.length; i += 4)
		paintHatch(ctx, scene.palette.hatch, boxes.get(i + 1), boxes.get(i + 2), boxes.get(i + 3));
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
