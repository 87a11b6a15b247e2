/* home: the services of a server, the busiest first. */
import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Line } from "../api/lists";
import { percent } from "../model/format";
import { Dashboard } from "../model/dashboard";
import { kindOf, kindsOf, unitOf } from "../model/kinds";
import { rate } from "../model/rate";
import { EVERYTHING, wordsOf } from "../model/selection";
import { RANGES } from "../model/times";
import { Commands } from "./nothing";
import { Mark, Name } from "./parts";
import { Banners } from "./truth";
import { TraceBox } from "./where";

const EVERY_MS = 15_000;
const SPARK_WIDTH = 180;
const SPARK_HEIGHT = 26;

function Sparkline({ points }: { points: number[] }) {
	const most = Math.max(1, ...points);
	const step = SPARK_WIDTH / Math.max(1, points.length);
	const y = (v: number) => ((SPARK_HEIGHT - 2) * (1 - Math.max(0, v) / most) + 1).toFixed(1);
	const path = points.map((v, i) => `V${y(v)}H${((i + 1) * step).toFixed(1)}`).join("");

	return (
		<svg class="spark" width={SPARK_WIDTH} height={SPARK_HEIGHT} aria-hidden="true">
			<path d={`M0,${SPARK_HEIGHT}${path}V${SPARK_HEIGHT}Z`} />
		</svg>
	);
}

export function Home({ board }: { board: Dashboard }) {
	const lines = useSignal<Line[] | null>(null);
	const types = useSignal<string[]>([]);

	useSignalEffect(() => {
		const { type } = board.selection.value;
		const words = wordsOf({ ...EVERYTHING, type }, board.range.value);

		if (board.server.locked.value) return;
		void board.status.attempt("the services", async () => {
			types.value = await board.lists.types(words);
			const timeline = await board.lists.timeline(words, "service_name", sparkStep(board));

			if (board.selection.peek().type === type) lines.value = timeline.lines;
		});
	});
	useEffect(() => {
		const timer = setInterval(
			() => document.visibilityState === "visible" && !board.status.lost.peek() && board.refresh(),
			EVERY_MS,
		);

		return () => clearInterval(timer);
	}, []);
	const all = lines.value ?? [];
	const needle = board.place.value.search.toLowerCase();
	const shown = all.filter((line) => line.value.toLowerCase().includes(needle));

	return (
		<main class="home">
			<header>
				<div class="brand">
					<Mark />
					<h1>flyover</h1>
				</div>
				<Choosers board={board} types={types.value} />
			</header>
			<Banners status={board.status} />
			{lines.value && all.length === 0 && (
				<section class="nothing">
					<h2>Nothing was sampled in this range</h2>
					<Commands />
				</section>
			)}
			{all.length > 0 && <Table board={board} lines={shown} all={all} />}
			{all.length > 0 && shown.length === 0 && (
				<p class="note">No service has “{board.place.value.search}” in its name.</p>
			)}
		</main>
	);
}

function sparkStep(board: Dashboard): string {
	const [from, until] = board.range.value;

	return `${Math.max(1, Math.ceil((until - from) / 60))}s`;
}

function Choosers({ board, types }: { board: Dashboard; types: string[] }) {
	const { selection, search } = board.place.value;
	const chosen = kindOf(selection.type);
	const kinds = kindsOf([...new Set([...types, chosen.type])]);
	const choose = (change: object) =>
		board.go({ selection: { ...EVERYTHING, type: selection.type, from: selection.from, ...change } });

	return (
		<form class="choosers" onSubmit={(event) => event.preventDefault()}>
			<input
				type="search"
				placeholder="Find a service"
				aria-label="Find a service"
				value={search}
				onInput={(event) => board.go({ search: event.currentTarget.value }, { replace: true })}
			/>
			<label class="select">
				<select
					aria-label="What was sampled"
					value={chosen.short}
					onChange={(event) => choose({ type: event.currentTarget.value })}
				>
					{kinds.map((kind) => (
						<option key={kind.type} value={kind.short}>
							{kind.label}
						</option>
					))}
				</select>
			</label>
			<label class="select">
				<select
					aria-label="Range"
					value={selection.from}
					onChange={(event) => choose({ from: event.currentTarget.value })}
				>
					{RANGES.map((range) => (
						<option key={range.from} value={range.from}>
							last {range.label}
						</option>
					))}
				</select>
			</label>
			<TraceBox board={board} />
		</form>
	);
}

function Table({ board, lines, all }: { board: Dashboard; lines: Line[]; all: Line[] }) {
	const whole = all.reduce((sum, line) => sum + line.total, 0);
	const unit = unitOf(board.selection.value.type);

	return (
		<table class="services">
			<thead>
				<tr>
					<th scope="col">Service</th>
					<th scope="col" class="num">
						{unit === "nanoseconds" ? "On average" : "Total"}
					</th>
					<th scope="col" class="num">
						Share
					</th>
					<th scope="col">Over time</th>
				</tr>
			</thead>
			<tbody>
				{lines.map((line) => (
					<Row key={line.value} board={board} line={line} whole={whole} unit={unit} />
				))}
			</tbody>
		</table>
	);
}

function Row(props: { board: Dashboard; line: Line; whole: number; unit: string }) {
	const { board, line, whole } = props;
	const [from, until] = board.range.value;
	const change = { service: line.value, filters: [], traces: [], spans: [] };

	return (
		<tr>
			<th scope="row">
				<a
					href={board.address(change)}
					onClick={(event) => {
						if (event.ctrlKey || event.metaKey || event.shiftKey) return;
						event.preventDefault();
						board.select(change);
					}}
				>
					<Name name={line.value || "(no name)"} max={60} />
				</a>
			</th>
			<td class="num">{rate(line.total, props.unit, until - from)}</td>
			<td class="num barred">
				<i class="share" style={{ width: `${whole > 0 ? (100 * line.total) / whole : 0}%` }} />
				<span>{percent(whole > 0 ? line.total / whole : 0)}</span>
			</td>
			<td>
				<Sparkline points={line.points} />
			</td>
		</tr>
	);
}
