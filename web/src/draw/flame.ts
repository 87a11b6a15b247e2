/* flame: the flame graph on its canvas: what it shows, how it moves, what the pointer is over. */
import { Palette, colourFrames, colourPair } from "./colour";
import { Layout, depthOf, nameIdOf, nodeAt } from "./layout";
import { FONT, Painter, ROW, Scene, depthAt, heightOf, rowTop } from "./paint";

const MOVE_MS = 190;
const MONO = 'ui-monospace, "SF Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace';

export interface FlameEvents {
	hover(node: number, x: number, y: number): void; // node -1: over nothing
	pick(node: number, how: { only: boolean }): void; // only: select, do not zoom
	range(x0: number, x1: number): void; // panned or zoomed freely
}

/* What the picture is asked to show; all of it can change at any time. */
export interface Show {
	layout: Layout;
	focus: number; // the zoomed node
	range: [number, number] | null; // values, instead of the node's own
	icicle: boolean;
	lit: Uint32Array | null;
	selectedName: number;
	current: number;
	samples: [number, number]; // on both sides of a comparison
}

/* The canvas sticks to the top of `scroller`, whose content is `spacer` high: rows scroll as any
 * page does, and only visible ones are painted. */
export class Flame {
	private show: Show | null = null;
	private colours: Uint8Array = new Uint8Array();
	private steps: Uint8Array | null = null;
	private selectedNodes: Uint32Array | null = null;
	private x0 = 0;
	private x1 = 1;
	private move: { from: [number, number]; to: [number, number]; began: number } | null = null;
	private hover = -1;
	private frame = 0;
	private ctx: CanvasRenderingContext2D;
	private painter = new Painter();
	private width = 0;
	private height = 0;
	private resizes: ResizeObserver;
	private drag: { x: number; x0: number; x1: number; moved: boolean } | null = null;
	private reduced = matchMedia("(prefers-reduced-motion: reduce)");
	private rows = 0; // height of the content
	private atRoot = true; // the next layout is shown from its root

	constructor(
		private scroller: HTMLElement,
		private spacer: HTMLElement,
		private canvas: HTMLCanvasElement,
		private palette: Palette,
		private events: FlameEvents,
	) {
		this.ctx = canvas.getContext("2d", { alpha: false })!;
		this.resizes = new ResizeObserver(() => this.resize());
		this.resizes.observe(scroller);
		scroller.addEventListener("scroll", this.redraw, { passive: true });
		canvas.addEventListener("pointermove", this.onMove);
		canvas.addEventListener("pointerleave", this.onLeave);
		canvas.addEventListener("pointerdown", this.onDown);
		canvas.addEventListener("pointerup", this.onUp);
		canvas.addEventListener("pointercancel", this.onCancel);
		canvas.addEventListener("wheel", this.onWheel, { passive: false });
		this.resize();
	}

	close() {
		this.resizes.disconnect();
		cancelAnimationFrame(this.frame);
		this.scroller.removeEventListener("scroll", this.redraw);
	}

	setPalette(palette: Palette) {
		this.palette = palette;
		this.redraw();
	}

	update(show: Show) {
		const old = this.show;
		const { layout } = show;

		this.show = show;
		if (old?.layout !== layout) {
			if (old?.layout.frames !== layout.frames) this.colours = colourFrames(layout.frames);
			this.steps = layout.pair && colourPair(layout.pair, ...show.samples);
			this.hover = -1;
		}
		if (old?.layout !== layout || old.selectedName !== show.selectedName)
			this.selectedNodes = nodesNamed(layout, show.selectedName);
		if (old?.icicle !== show.icicle) this.atRoot = true;
		this.setHeight();
		this.moveTo(this.wantedRange(), old !== null && sameScale(old.layout, layout));
		if (show.current >= 0 && (old?.current !== show.current || old.layout !== layout))
			this.reveal(show.current);
		this.redraw();
	}

	/* Scrolls the least that brings a node's row into view. */
	reveal(node: number) {
		const scene = this.scene();

		if (!scene) return;
		const top = rowTop(scene, depthOf(scene.layout, node));

		if (top < 0) this.scroller.scrollTop += top - ROW;
		else if (top + ROW > this.height) this.scroller.scrollTop += top + 2 * ROW - this.height;
	}

	private wantedRange(): [number, number] {
		const { layout, range, focus } = this.show!;

		if (range) return range;
		return [layout.start[focus], layout.start[focus] + layout.total[focus]];
	}

	private moveTo(to: [number, number], smooth: boolean) {
		const target = this.move?.to ?? [this.x0, this.x1];

		if (target[0] === to[0] && target[1] === to[1]) return;
		if (!smooth || this.reduced.matches || this.drag) {
			this.move = null;
			[this.x0, this.x1] = to;
			return;
		}
		this.move = { from: [this.x0, this.x1], to, began: performance.now() };
	}

	private setHeight() {
		const { layout, icicle } = this.show!;
		const fromBottom = this.rows - this.scroller.scrollTop;
		const rows = Math.max(heightOf(layout), this.height);

		if (this.height === 0) return;
		this.spacer.style.height = `${rows}px`;
		if (this.atRoot) this.scroller.scrollTop = icicle ? 0 : rows;
		else if (!icicle && rows !== this.rows) this.scroller.scrollTop = rows - fromBottom;
		this.rows = rows;
		this.atRoot = false;
	}

	private resize() {
		const ratio = devicePixelRatio || 1;

		this.width = this.scroller.clientWidth;
		this.height = this.scroller.clientHeight;
		this.canvas.style.width = `${this.width}px`;
		this.canvas.style.height = `${this.height}px`;
		this.canvas.width = Math.round(this.width * ratio);
		this.canvas.height = Math.round(this.height * ratio);
		if (this.show) this.setHeight();
		this.draw(performance.now());
	}

	redraw = () => {
		if (!this.frame) this.frame = requestAnimationFrame((now) => this.draw(now));
	};

	private draw(now: number) {
		cancelAnimationFrame(this.frame);
		this.frame = 0;
		if (this.move) this.step(now);
		const scene = this.scene();

		if (scene) this.painter.paint(this.ctx, scene);
	}

	private step(now: number) {
		const { from, to, began } = this.move!;
		const t = Math.min(1, Math.max(0, (now - began) / MOVE_MS));
		const eased = 1 - (1 - t) ** 3;

		this.x0 = from[0] + (to[0] - from[0]) * eased;
		this.x1 = from[1] + (to[1] - from[1]) * eased;
		if (t === 1) {
			[this.x0, this.x1] = to;
			this.move = null;
		} else this.redraw();
	}

	private scene(): Scene | null {
		const show = this.show;

		if (!show || this.width === 0) return null;
		return {
			layout: show.layout,
			colours: this.colours,
			steps: this.steps,
			palette: this.palette,
			font: `${FONT}px ${MONO}`,
			x0: this.x0,
			x1: this.x1,
			width: this.width,
			height: this.height,
			scrollTop: this.scroller.scrollTop,
			icicle: show.icicle,
			ratio: devicePixelRatio || 1,
			lit: show.lit,
			selectedName: show.selectedName,
			selectedNodes: this.selectedNodes,
			current: show.current,
			hover: this.hover,
			focusDepth: show.focus > 0 && !show.range ? depthOf(show.layout, show.focus) : 0,
		};
	}

	/* The node under a point of the canvas, or -1. */
	private hit(x: number, y: number): number {
		const scene = this.scene();

		if (!scene) return -1;
		const value = scene.x0 + (x / scene.width) * (scene.x1 - scene.x0);

		return nodeAt(scene.layout, depthAt(scene, y), value);
	}

	private onMove = (event: PointerEvent) => {
		if (this.drag) {
			this.pan(event);
			return;
		}
		const node = this.hit(event.offsetX, event.offsetY);

		if (node !== this.hover) this.redraw();
		this.hover = node;
		this.canvas.style.cursor = node >= 0 ? "pointer" : "default";
		this.events.hover(node, event.clientX, event.clientY);
	};

	private onLeave = () => {
		this.hover = -1;
		this.events.hover(-1, 0, 0);
		this.redraw();
	};

	private onDown = (event: PointerEvent) => {
		if (event.button !== 0) return;
		this.drag = { x: event.clientX, x0: this.x0, x1: this.x1, moved: false };
	};

	private pan(event: PointerEvent) {
		const drag = this.drag!;
		const shift = ((drag.x - event.clientX) / this.width) * (drag.x1 - drag.x0);

		if (!drag.moved && Math.abs(event.clientX - drag.x) < 4) return;
		if (!drag.moved) this.canvas.setPointerCapture(event.pointerId);
		drag.moved = true;
		this.setRange(drag.x0 + shift, drag.x1 + shift);
	}

	private onUp = (event: PointerEvent) => {
		const drag = this.drag;

		this.drag = null;
		if (!drag || drag.moved) return;
		const node = this.hit(event.offsetX, event.offsetY);

		if (node >= 0) this.events.pick(node, { only: event.altKey || event.shiftKey });
	};

	private onCancel = () => {
		this.drag = null;
	};

	/* The wheel scrolls rows as everywhere; with Ctrl (or a pinch) it zooms, sideways it pans. */
	private onWheel = (event: WheelEvent) => {
		const span = this.x1 - this.x0;
		const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;

		if (event.ctrlKey || event.metaKey) {
			const factor = Math.exp(Math.max(-60, Math.min(60, event.deltaY)) * 0.01);
			const at = this.x0 + (event.offsetX / this.width) * span;

			event.preventDefault();
			this.setRange(at - (at - this.x0) * factor, at + (this.x1 - at) * factor);
		} else if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
			event.preventDefault();
			this.setRange(
				this.x0 + (sideways / this.width) * span,
				this.x1 + (sideways / this.width) * span,
			);
		}
	};

	/* Keeps the range inside the picture and not narrower than one value. */
	private setRange(x0: number, x1: number) {
		if (!this.show) return;
		const all = this.show.layout.total[0];
		const span = Math.min(all, Math.max(x1 - x0, Math.min(1, all)));

		x0 = Math.min(Math.max(0, x0), all - span);
		this.move = null;
		this.x0 = x0;
		this.x1 = x0 + span;
		this.events.range(this.x0, this.x1);
		this.redraw();
	}
}

function nodesNamed(layout: Layout, name: number): Uint32Array | null {
	if (name < 0) return null;
	const found = [];

	for (let i = 0; i < layout.count; i++) if (nameIdOf(layout, i) === name) found.push(i);
	return Uint32Array.from(found);
}

/* Only within one picture a movement means something. */
function sameScale(a: Layout, b: Layout): boolean {
	return a.count > 0 && b.count > 0 && a.total[0] === b.total[0];
}
