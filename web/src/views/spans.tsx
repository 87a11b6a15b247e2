/* spans: the spans of a request that have samples: when, how much of each kind, in which functions. */
import { useSignal, useSignalEffect } from "@preact/signals";
import { amount, percent, plural } from "../model/format";
import { Dashboard } from "../model/dashboard";
import { kindsOf, unitOf } from "../model/kinds";
import { Span, wordsOf } from "../model/selection";
import { SpanRow, Spans, areTogether, isCpu, isWaiting, joinSpans, timesOf } from "../model/spans";
import { lengthText, spanText } from "../model/times";
import { Name } from "./parts";

const SHOWN = 40;
const NAMED = 12; // rows whose functions are asked for
const FUNCTIONS = 3; // of each

type Functions = Map<string, { name: string; share: number }[]>;

export function SpanTable({ board }: { board: Dashboard }) {
	const spans = useSignal<Spans | null>(null);
	const functions = useSignal<Functions>(new Map());

	useSignalEffect(() => {
		const selection = { ...board.selection.value, spans: [] };
		const words = wordsOf(selection, board.span.value);
		const asked = words.toString();
		const isNow = () =>
			wordsOf({ ...board.selection.peek(), spans: [] }, board.span.peek()).toString() === asked;
		const of = (type: string) => {
			const one = new URLSearchParams(words);

			one.set("type", type);
			return board.lists.traces(one, "span", 1000);
		};

		void board.status.attempt("the spans", async () => {
			const kinds = timesOf(kindsOf(await board.lists.types(words)), selection.type);
			const found = joinSpans(kinds, await Promise.all(kinds.map((kind) => of(kind.type))));
			const named: Functions = new Map();

			if (isNow()) spans.value = found;
			for (const row of found.rows.slice(0, NAMED)) {
				if (!isNow()) return;
				const one = wordsOf({ ...selection, traces: [row.trace], spans: [row.span] }, board.span.peek());

				named.set(row.trace + row.span, await board.lists.hottest(one, FUNCTIONS));
				if (isNow()) functions.value = new Map(named);
			}
		});
	});
	const found = spans.value;

	if (!found) return <section class="strip" />;
	const { rows, kinds } = found;
	const { utc } = board.place.value;
	const span: Span = [Math.min(...rows.map((row) => row.from)), Math.max(...rows.map((row) => row.until))];
	const together = areTogether(rows);
	const own = kinds[0];

	return (
		<section class="strip" aria-label="Spans with samples">
			<p>
				<b>{amount(rows.reduce((sum, row) => sum + row.took[0], 0), unitOf(own.type))}</b> {own.label} in{" "}
				{plural(found.found, "span")} with samples
				{rows.length > 0 && (
					<>
						, in profiles of {spanText(...span, board.now.value, utc)}{" "}
						<Around board={board} service={rows[0].service} span={span} />
					</>
				)}
			</p>
			{rows.length > 0 && (
				<table>
					<thead>
						<tr>
							<th scope="col">Span</th>
							<th scope="col">Service</th>
							{!together && <th scope="col">Profiles of</th>}
							<th scope="col">Time</th>
							{kinds.map((kind) => (
								<th scope="col" class="num" key={kind.type}>
									{kind.label}
								</th>
							))}
							<th scope="col">Functions</th>
						</tr>
					</thead>
					<tbody>
						{rows.slice(0, SHOWN).map((row) => (
							<Row
								key={row.trace + row.span}
								board={board}
								row={row}
								spans={found}
								span={together ? null : span}
								functions={functions.value.get(row.trace + row.span) ?? []}
							/>
						))}
					</tbody>
				</table>
			)}
			{rows.length > 1 && together && (
				<p class="quiet">
					All are in the same profiles, of {lengthText(span[1] - span[0])}: samples have no times of their own, so
					which span came first is not known.
				</p>
			)}
			{rows.length > SHOWN && <p class="quiet">and {rows.length - SHOWN} spans with less</p>}
		</section>
	);
}

function Row(props: {
	board: Dashboard;
	row: SpanRow;
	spans: Spans;
	span: Span | null; // of all rows, if they differ
	functions: { name: string; share: number }[];
}) {
	const { board, row, spans, span } = props;
	const { selection } = board.place.value;
	const chosen = selection.spans.includes(row.span);
	const share = (n: number, of: Span) => `${(100 * n) / (of[1] - of[0] || 1)}%`;

	return (
		<tr class={chosen ? "selected" : ""}>
			<th scope="row">
				<button
					type="button"
					class="link"
					aria-pressed={chosen}
					title="Only this span"
					onClick={() => board.select({ spans: chosen ? [] : [row.span] })}
				>
					<Name name={row.span} />
				</button>
			</th>
			<td>
				<Name name={row.service} max={32} />
			</td>
			{span && (
				<td>
					<span class="track" title={spanText(row.from, row.until, board.now.value, board.place.value.utc)}>
						<i class="when" style={{ left: share(row.from - span[0], span), width: share(row.until - row.from, span) }} />
					</span>
				</td>
			)}
			<td>
				<Bar row={row} spans={spans} />
			</td>
			{row.took.map((took, i) => (
				<td class="num" key={i}>
					{took ? amount(took, unitOf(spans.kinds[i].type)) : ""}
				</td>
			))}
			<td class="of">
				{props.functions.map((one) => (
					<span key={one.name}>
						<Name name={one.name} max={32} /> <span class="quiet">{percent(one.share)}</span>{" "}
					</span>
				))}
			</td>
		</tr>
	);
}

/* CPU time filled, waiting hatched; a kind that is neither is filled where it is alone. */
function Bar({ row, spans }: { row: SpanRow; spans: Spans }) {
	const { kinds } = spans;
	const sum = (of: SpanRow, is: (kind: Spans["kinds"][0]) => boolean) =>
		of.took.reduce((all, n, i) => all + (is(kinds[i]) ? n : 0), 0);
	const hasCpu = kinds.some(isCpu);
	const solid = (of: SpanRow) => (hasCpu ? sum(of, isCpu) : isWaiting(kinds[0]) ? 0 : of.took[0]);
	const most = Math.max(1, ...spans.rows.map((one) => solid(one) + sum(one, isWaiting)));

	return (
		<span class="track">
			<i class="cpu" style={{ width: `${(100 * solid(row)) / most}%` }} />
			<i class="waiting" style={{ width: `${(100 * sum(row, isWaiting)) / most}%` }} />
		</span>
	);
}

/* A request has few samples: the whole service around it has more. */
function Around(props: { board: Dashboard; service: string; span: Span }) {
	const { board, service, span } = props;
	const middle = (span[0] + span[1]) / 2;

	return (
		<button
			type="button"
			class="tool"
			title="All requests of this service, half an hour before and after"
			onClick={() =>
				board.select(
					{
						service,
						traces: [],
						spans: [],
						from: String(Math.floor(middle - 1800)),
						until: String(Math.ceil(middle + 1800)),
					},
					{ at: null },
				)
			}
		>
			{service}, the same hour
		</button>
	);
}
