/* timeline: the chosen kind over time; dragging over it picks a range. */
import { useRef, useState } from "preact/hooks";
import { Heat, Timeline } from "../api/lists";
import { amount, percent } from "../model/format";
import { Mark } from "../model/steps";
import { rate } from "../model/rate";
import { Span } from "../model/selection";
import { axisMarks, clockText, lengthText, spanText } from "../model/times";
import { shownBriefly } from "../draw/clip";

const HEIGHT = 96; // of the drawing, without the axis below
const WIDTH = 1000; // units of the drawing: it is stretched to the room there is
const LINES_MAX = 8; // more are one line together
const DRAG_FROM = 3; // pixels; less is a click

interface Props {
	timeline: Timeline;
	range: Span;
	at: Span | null;
	ghost: Span | null; // what it is compared with
	marks: Mark[];
	heat: Heat | null;
	utc: boolean;
	now: number;
	onPick: (at: Span | null) => void;
	onSplit?: (value: string) => void;
}

interface Layer {
	value: string;
	total: number;
	upper: number[];
	lower: number[];
	index: number;
}

/* Lines on top of each other, the largest at the bottom. */
export function stack(timeline: Timeline): Layer[] {
	const lines = timeline.lines.slice(0, LINES_MAX);
	const rest = timeline.lines.slice(LINES_MAX);

	if (rest.length)
		lines.push({
			value: `${rest.length} others`,
			total: rest.reduce((sum, line) => sum + line.total, 0),
			points: rest[0].points.map((_, i) => rest.reduce((sum, line) => sum + line.points[i], 0)),
		});
	let lower = new Array<number>(lines[0]?.points.length ?? 0).fill(0);

	return lines.map(({ value, total, points }, index) => {
		const upper = points.map((v, i) => lower[i] + Math.max(0, v));
		const layer = { value, total, upper, lower, index };

		lower = upper;
		return layer;
	});
}

function Area(props: { layer: Layer; most: number; x: (i: number) => number }) {
	const { layer, most, x } = props;
	const y = (v: number) => (HEIGHT - 1 - ((HEIGHT - 10) * v) / most).toFixed(1);
	const X = (i: number) => x(i).toFixed(1);
	const up = layer.upper.map((v, i) => `V${y(v)}H${X(i + 1)}`);
	const back = layer.lower.map((v, i) => `V${y(v)}H${X(i)}`).reverse();

	return (
		<path
			class={`area a${layer.index}`}
			d={`M${X(0)},${HEIGHT}${up.join("")}${back.join("")}Z`}
		/>
	);
}

export function TimelineView(props: Props) {
	const { timeline, range, at } = props;
	const box = useRef<HTMLDivElement>(null);
	const [drag, setDrag] = useState<Span | null>(null);
	const [over, setOver] = useState<number | null>(null);
	const layers = stack(timeline);
	const most = Math.max(1, ...(layers[layers.length - 1]?.upper ?? []));
	const x = (seconds: number) => ((seconds - range[0]) / (range[1] - range[0])) * WIDTH;
	const shown = drag ?? at;
	const timeAt = (event: PointerEvent) => {
		const { left, width } = box.current!.getBoundingClientRect();
		const share = Math.min(1, Math.max(0, (event.clientX - left) / width));

		return range[0] + share * (range[1] - range[0]);
	};
	const begun = useRef<{ at: number; x: number } | null>(null);

	return (
		<div class="timeline">
			<div
				class="plot"
				ref={box}
				role="slider"
				tabIndex={0}
				aria-label="Timeline. Arrows move the picked range, Shift and arrows widen it, Escape takes all."
				aria-valuemin={Math.round(range[0])}
				aria-valuemax={Math.round(range[1])}
				aria-valuenow={Math.round((shown ?? range)[0])}
				aria-valuetext={spanText(...(shown ?? range), props.now, props.utc)}
				onKeyDown={(event) => onKey(event, props)}
				onPointerDown={(event) => {
					if (event.button !== 0) return;
					begun.current = { at: timeAt(event), x: event.clientX };
					box.current!.setPointerCapture(event.pointerId);
				}}
				onPointerMove={(event) => {
					const now = timeAt(event);
					const from = begun.current;

					setOver(now);
					if (from && (drag || Math.abs(event.clientX - from.x) >= DRAG_FROM))
						setDrag(from.at < now ? [from.at, now] : [now, from.at]);
				}}
				onPointerUp={() => {
					begun.current = null;
					if (drag) props.onPick(whole(drag, timeline.step, range));
					else if (at) props.onPick(null);
					setDrag(null);
				}}
				onPointerCancel={() => {
					begun.current = null;
					setDrag(null);
				}}
				onPointerLeave={() => setOver(null)}
			>
				<svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
					{props.heat && <Cells heat={props.heat} x={x} />}
					{!props.heat && layers.map((layer) => (
						<Area
							key={layer.value}
							layer={layer}
							most={most}
							x={(i) => x(timeline.from + i * timeline.step)}
						/>
					))}
					{props.ghost && (
						<rect class="ghost" x={x(props.ghost[0])} width={Math.max(2, x(props.ghost[1]) - x(props.ghost[0]))} y="0" height={HEIGHT} />
					)}
					{shown && (
						<>
							<rect class="outside" x="0" width={Math.max(0, x(shown[0]))} y="0" height={HEIGHT} />
							<rect class="outside" x={x(shown[1])} width={Math.max(0, WIDTH - x(shown[1]))} y="0" height={HEIGHT} />
							<rect class="picked" x={x(shown[0])} width={Math.max(1, x(shown[1]) - x(shown[0]))} y="0" height={HEIGHT} />
						</>
					)}
					{props.marks.map((mark) => (
						<line class="mark" x1={x(mark.at)} x2={x(mark.at)} y1="0" y2={HEIGHT} />
					))}
				</svg>
				<span class="most">
					{props.heat
						? `profiles have up to ${amount(props.heat.edges[props.heat.edges.length - 1] ?? 0, timeline.unit)}; nothing finer than a profile has a time`
						: rate(most, timeline.unit, timeline.step)}
				</span>
				{over !== null && <Readout {...props} over={over} drag={drag} layers={layers} />}
			</div>
			<Axis range={range} utc={props.utc} marks={props.marks} />
			{layers.length > 1 && <Legend layers={layers} onSplit={props.onSplit} />}
		</div>
	);
}

const HEAT_STEPS = 6;

/* Single profiles by when they began and how much they have; the more of them, the darker. */
function Cells({ heat, x }: { heat: Heat; x: (seconds: number) => number }) {
	const most = Math.max(1, ...heat.rows.map((row) => Math.max(0, ...row)));
	const height = HEIGHT / Math.max(1, heat.rows.length);
	const paths = new Array<string>(HEAT_STEPS).fill("");

	heat.rows.forEach((row, r) =>
		row.forEach((n, i) => {
			if (n === 0) return;
			const step = Math.min(HEAT_STEPS - 1, Math.floor((HEAT_STEPS * Math.log1p(n)) / Math.log1p(most)));
			const left = x(heat.from + i * heat.step);
			const width = Math.max(1.5, x(heat.from + (i + 1) * heat.step) - left - 0.4);
			const top = HEIGHT - (r + 1) * height;

			paths[step] += `M${left.toFixed(1)},${top.toFixed(1)}h${width.toFixed(1)}v${(height - 0.6).toFixed(1)}h-${width.toFixed(1)}z`;
		}),
	);
	return (
		<>
			{paths.map((d, i) => d && <path key={i} class="heat" d={d} opacity={(i + 2) / (HEAT_STEPS + 1)} />)}
		</>
	);
}

/* Whole steps, since nothing finer is known of the timeline. */
function whole([from, until]: Span, step: number, range: Span): Span {
	const a = Math.max(range[0], Math.floor(from / step) * step);
	const b = Math.min(range[1], Math.ceil(until / step) * step);

	return b > a ? [a, b] : [a, a + step];
}

function onKey(event: KeyboardEvent, { timeline, range, at, onPick }: Props) {
	const direction = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
	const step = Math.max(timeline.step, (range[1] - range[0]) / 60);

	if (event.key === "Escape" && at) onPick(null);
	else if (!direction) return;
	else if (!at) {
		const middle = (range[0] + range[1]) / 2;

		onPick(whole([middle, middle + 6 * step], timeline.step, range));
	} else if (event.shiftKey) {
		if (at[1] + direction * step > at[0])
			onPick(whole([at[0], at[1] + direction * step], timeline.step, range));
	} else if (at[0] + direction * step >= range[0] && at[1] + direction * step <= range[1] + step)
		onPick([at[0] + direction * step, at[1] + direction * step]);
	event.preventDefault();
	event.stopPropagation();
}

function Axis({ range, utc, marks }: { range: Span; utc: boolean; marks: Mark[] }) {
	const edge = (range[1] - range[0]) / 50; // where a text would be cut
	const place = (at: number) => `${(100 * (at - range[0])) / (range[1] - range[0])}%`;

	return (
		<div class="axis" aria-hidden="true">
			{axisMarks(range[0] + edge, range[1] - edge, 9, utc).map(({ at, text }) => (
				<span key={at} style={{ left: place(at) }}>
					{text}
				</span>
			))}
			{marks.map((mark) => (
				<b key={mark.text + mark.at} style={{ left: place(mark.at) }} title={shownBriefly(mark.text)}>
					{shownBriefly(mark.text, 24)}
				</b>
			))}
		</div>
	);
}

function Readout(props: Props & { over: number; drag: Span | null; layers: Layer[] }) {
	const { timeline, range, over, drag, layers } = props;
	const i = Math.floor((over - timeline.from) / timeline.step);
	const share = (over - range[0]) / (range[1] - range[0]);
	const side = share > 0.7 ? { right: `${100 - share * 100}%` } : { left: `${share * 100}%` };

	return (
		<div class="readout" style={side}>
			{drag ? (
				<>
					{spanText(...drag, props.now, props.utc)} <b>{lengthText(drag[1] - drag[0])}</b>
				</>
			) : (
				<>
					{clockText(over, props.utc)}
					{[...layers].reverse().map((layer) => {
						const value = (layer.upper[i] ?? 0) - (layer.lower[i] ?? 0);

						return (
							value > 0 && (
								<span>
									{layers.length > 1 && (
										<>
											<i class={`a${layer.index}`} />
											{shownBriefly(layer.value || "(none)", 24)}
										</>
									)}{" "}
									<b>{rate(value, timeline.unit, timeline.step)}</b>
								</span>
							)
						);
					})}
				</>
			)}
		</div>
	);
}

function Legend({ layers, onSplit }: { layers: Layer[]; onSplit?: (value: string) => void }) {
	const all = layers.reduce((sum, layer) => sum + layer.total, 0) || 1;

	return (
		<ul class="legend">
			{layers.map((layer) => (
				<li key={layer.value}>
					<button
						type="button"
						disabled={!onSplit || layer.index === LINES_MAX}
						title="Only this"
						onClick={() => onSplit?.(layer.value)}
					>
						<i class={`a${layer.index}`} />
						<bdi dir="ltr">{shownBriefly(layer.value || "(none)", 32)}</bdi>
						<span>{percent(layer.total / all)}</span>
					</button>
				</li>
			))}
		</ul>
	);
}
