/* home: the services of a server, the busiest first. */
import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Line } from "../api/lists";
import { percent, significant } from "../model/format";
import { Dashboard } from "../model/dashboard";
import { kindOf, kindsOf, unitOf } from "../model/kinds";
import { knownPart, rate } from "../model/rate";
import { EVERYTHING, Span, wordsOf } from "../model/selection";
import { RANGES, lengthText, spanText } from "../model/times";
import { NO_VERSUS } from "../model/versus";
import { Commands } from "./nothing";
import { Icon, Mark, Name } from "./parts";
import { Banners } from "./truth";
import { TraceBox } from "./where";

const EMPTY_MS = 5_000; // who waits for the first profiles need not ask
const SPARK_WIDTH = 150;
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

const DAY = 86400;
const NAMED = 14; // rows whose hottest function is asked for

type Order = "total" | "change";

const BY_AGENTS = '{pid_start!=""}'; // a label that no program can set: docs/SERVE.md
const WHOLE = 0.95; // of a range: what is missing changes no average that a reader sees

interface Listed {
	lines: Line[];
	outside: Map<string, number>; // what the agents of hosts saw of it
	known: Span; // the part of the range that there are profiles of
	before: Map<string, number>; // a day earlier: how much a second
	hottest: Map<string, { name: string; share: number } | null>;
}

export function Home({ board }: { board: Dashboard }) {
	const listed = useSignal<Listed | null>(null);
	const types = useSignal<string[]>([]);
	const order = useSignal<Order>("total");

	useSignalEffect(() => {
		const { type } = board.selection.value;
		const range = board.range.value;

		if (board.server.locked.value) return;
		void board.status.attempt("the services", async () => {
			const words = wordsOf({ ...EVERYTHING, type }, range);
			const earlier = wordsOf({ ...EVERYTHING, type }, [range[0] - DAY, range[1] - DAY]);
			const isNow = () => board.range.peek() === range && board.selection.peek().type === type;
			const hottest: Listed["hottest"] = new Map();

			types.value = await board.lists.types(words);
			const seen = new URLSearchParams(words);

			seen.set("query", BY_AGENTS);
			const [{ lines }, truth, agents] = await Promise.all([
				board.lists.timeline(words, "service_name", sparkStep(board)),
				board.lists.truth(words),
				board.lists.timeline(seen, "service_name"),
			]);
			const outside = new Map(agents.lines.map((line) => [line.value, line.total]));
			const known = knownPart(range, truth) ?? range;

			if (isNow()) listed.value = { lines, outside, known, before: new Map(), hottest };
			const [past, pastTruth] = await Promise.all([
				board.lists.timeline(earlier, "service_name"),
				board.lists.truth(earlier),
			]);
			const [from, until] = knownPart([range[0] - DAY, range[1] - DAY], pastTruth) ?? [0, 1];
			const before = new Map(past.lines.map((line) => [line.value, line.total / (until - from)]));

			if (isNow()) listed.value = { lines, outside, known, before, hottest };
			for (const line of lines.slice(0, NAMED)) {
				if (!isNow()) return;
				const one = wordsOf({ ...EVERYTHING, type, service: line.value }, range);

				hottest.set(line.value, (await board.lists.hottest(one, 1))[0] ?? null);
				if (isNow()) listed.value = { lines, outside, known, before, hottest: new Map(hottest) };
			}
		});
	});
	useEffect(() => {
		const timer = setInterval(() => listed.peek()?.lines.length === 0 && board.refresh(), EMPTY_MS);

		return () => clearInterval(timer);
	}, []);
	const all = listed.value?.lines ?? [];
	const needle = board.place.value.search.toLowerCase();
	const shown = all.filter((line) => line.value.toLowerCase().includes(needle));

	if (order.value === "change" && listed.value) {
		const { before, known } = listed.value;
		const moved = (line: Line) =>
			Math.abs(line.total / (known[1] - known[0]) - (before.get(line.value) ?? 0));

		shown.sort((a, b) => moved(b) - moved(a));
	}
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
			{listed.value && all.length === 0 && (
				<section class="nothing">
					<h2>Nothing was sampled in this range</h2>
					<Commands />
				</section>
			)}
			{all.length > 0 && <Known board={board} known={listed.value!.known} />}
			{all.length > 0 && (
				<Table board={board} lines={shown} listed={listed.value!} order={order.value} onOrder={(by) => (order.value = by)} />
			)}
			{all.length > 0 && shown.length === 0 && (
				<p class="note">No service has “{board.place.value.search}” in its name.</p>
			)}
		</main>
	);
}

/* Who starts to sample a minute ago has no hour to average over. */
function Known({ board, known }: { board: Dashboard; known: Span }) {
	const [from, until] = board.range.value;
	const length = known[1] - known[0];

	if (length > WHOLE * (until - from)) return null;
	return (
		<p class="known">
			There are profiles of {lengthText(length)} of these {lengthText(until - from)} (
			{spanText(...known, board.now.value, board.place.value.utc)}): averages are over that time.
		</p>
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
					{!RANGES.some((range) => range.from === selection.from) && (
						<option value={selection.from}>
							{spanText(...board.range.value, board.now.value, board.place.value.utc)}
						</option>
					)}
					{RANGES.map((range) => (
						<option key={range.from} value={range.from}>
							last {range.label}
						</option>
					))}
				</select>
			</label>
			<button type="button" class="tool" aria-label="Up to now" title="Look again" onClick={() => board.refresh()}>
				<Icon name="again" />
			</button>
			<TraceBox board={board} />
		</form>
	);
}

function Table(props: {
	board: Dashboard;
	lines: Line[];
	listed: Listed;
	order: Order;
	onOrder: (by: Order) => void;
}) {
	const { board, order, onOrder } = props;
	const whole = props.listed.lines.reduce((sum, line) => sum + line.total, 0);
	const unit = unitOf(board.selection.value.type);
	const sorted = (by: Order) => (order === by ? "descending" : "none");

	return (
		<table class="services">
			<thead>
				<tr>
					<th scope="col">Service</th>
					<th scope="col" class="num" aria-sort={sorted("total")}>
						<button type="button" onClick={() => onOrder("total")}>
							{unit === "nanoseconds" ? "On average" : "Total"}
						</button>
					</th>
					<th scope="col" class="num">
						Share
					</th>
					<th scope="col">Over time</th>
					<th scope="col" class="num" aria-sort={sorted("change")}>
						<button type="button" title="What changed most is first" onClick={() => onOrder("change")}>
							Since yesterday
						</button>
					</th>
					<th scope="col">Hottest function</th>
				</tr>
			</thead>
			<tbody>
				{props.lines.map((line) => (
					<Row key={line.value} {...props} line={line} whole={whole} unit={unit} />
				))}
			</tbody>
		</table>
	);
}

function Row(props: { board: Dashboard; listed: Listed; line: Line; whole: number; unit: string }) {
	const { board, line, whole, listed } = props;
	const [from, until] = listed.known;
	const change = { service: line.value, filters: [], traces: [], spans: [] };
	const hottest = listed.hottest.get(line.value);
	const before = listed.before.get(line.value) ?? 0;
	const link = (more: object, children: preact.ComponentChildren) => (
		<a
			href={board.address(change, more)}
			onClick={(event) => {
				if (event.ctrlKey || event.metaKey || event.shiftKey) return;
				event.preventDefault();
				board.select(change, more);
			}}
		>
			{children}
		</a>
	);

	return (
		<tr>
			<th scope="row">
				{link({}, <Name name={line.value || "(no name)"} max={60} />)}
				{listed.outside.size > 0 && listed.outside.get(line.value) !== line.total && (
					<span class="told" title="These profiles are not of an agent, which sees a process from outside">
						{listed.outside.has(line.value) ? "in part from inside" : "from inside"}
					</span>
				)}
			</th>
			<td class="num">{rate(line.total, props.unit, until - from)}</td>
			<td class="num barred">
				<i class="share" style={{ width: `${whole > 0 ? (100 * line.total) / whole : 0}%` }} />
				<span>{percent(whole > 0 ? line.total / whole : 0)}</span>
			</td>
			<td>
				<Sparkline points={line.points} />
			</td>
			<td class="num">
				{listed.before.size === 0 && <span class="quiet">–</span>}
				{listed.before.size > 0 &&
					(before > 0
						? link({ tab: "compare", versus: { ...NO_VERSUS, ago: "1d" } }, changeText(line.total / (until - from) / before))
						: "new")}
			</td>
			<td class="hottest">
				{hottest && (
					<>
						<Name name={hottest.name} max={40} /> <span class="quiet">{percent(hottest.share)}</span>
					</>
				)}
			</td>
		</tr>
	);
}

/* "+12 %", "× 3.4". */
function changeText(ratio: number): string {
	if (ratio >= 3) return `× ${significant(ratio)}`;
	const points = 100 * (ratio - 1);

	return `${points < 0 ? "−" : "+"}${Math.abs(points).toFixed(0)} %`;
}
