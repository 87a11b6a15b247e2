/* traces: the heaviest requests of what is selected, and the spans of one of them. */
import { useSignal, useSignalEffect } from "@preact/signals";
import { Traces } from "../api/lists";
import { amount, percent, plural } from "../model/format";
import { Dashboard } from "../model/dashboard";
import { kindOf, unitOf } from "../model/kinds";
import { wordsOf } from "../model/selection";
import { spanText } from "../model/times";
import { goToTrace } from "./where";
import { Name } from "./parts";

const LISTED = 200;

export function TraceList({ board }: { board: Dashboard }) {
	const traces = useSignal<Traces | null>(null);

	useSignalEffect(() => {
		const words = board.words.value;

		void board.status.attempt("the heaviest traces", async () => {
			const found = await board.lists.traces(words, "trace", LISTED);

			if (board.words.peek() === words) traces.value = found;
		});
	});
	const found = traces.value;

	if (!found) return null;
	if (found.rows.length === 0) return <NoTraces />;
	const most = found.rows[0].total;

	return (
		<section class="traces">
			<p class="note">
				{found.found > LISTED
					? `The ${LISTED} heaviest of ${plural(found.found, "trace")} that have samples.`
					: `${plural(found.found, "trace")} with samples, the heaviest first.`}
			</p>
			<table>
				<thead>
					<tr>
						<th scope="col">Trace</th>
						<th scope="col">Service</th>
						<th scope="col" class="num">
							{kindOf(board.selection.value.type).label}
						</th>
						<th scope="col">When</th>
					</tr>
				</thead>
				<tbody>
					{found.rows.map((row) => (
						<tr key={row.trace}>
							<th scope="row">
								<a
									href={board.address({ traces: [row.trace], spans: [] }, { at: null, tab: "flame" })}
									onClick={(event) => {
										if (event.ctrlKey || event.metaKey || event.shiftKey) return;
										event.preventDefault();
										goToTrace(board, row.trace);
									}}
								>
									<Name name={row.trace} />
								</a>
							</th>
							<td>
								<Name name={row.service} max={40} />
							</td>
							<td class="num barred">
								<i class="share" style={{ width: `${(100 * row.total) / (most || 1)}%` }} />
								<span>{amount(row.total, found.unit)}</span>
							</td>
							<td>{spanText(row.from, row.until, board.now.value, board.place.value.utc)}</td>
						</tr>
					))}
				</tbody>
			</table>
		</section>
	);
}

function NoTraces() {
	return (
		<section class="nothing">
			<h2>No sample here belongs to a trace</h2>
			<p>
				A program says for whom it works with libflyover's <code>fly_trace_set</code>, or with the
				labels <code>trace_id</code> and <code>span_id</code> of its profiler.
			</p>
		</section>
	);
}

const SHOWN = 40;

/* The spans of the chosen traces, the heaviest first: a click shows one alone. */
export function TraceStrip({ board }: { board: Dashboard }) {
	const spans = useSignal<Traces | null>(null);

	useSignalEffect(() => {
		const words = wordsOf({ ...board.selection.value, spans: [] }, board.span.value);
		const asked = words.toString();

		void board.status.attempt("the spans", async () => {
			const found = await board.lists.traces(words, "span", 1000);

			if (wordsOf({ ...board.selection.peek(), spans: [] }, board.span.peek()).toString() === asked)
				spans.value = found;
		});
	});
	const found = spans.value;

	if (!found) return <section class="strip" />;
	const all = found.rows.reduce((sum, row) => sum + row.total, 0);
	const { selection, utc } = board.place.value;
	const from = Math.min(...found.rows.map((row) => row.from));
	const until = Math.max(...found.rows.map((row) => row.until));
	const choose = (one: string) =>
		board.select({ spans: selection.spans.includes(one) ? [] : [one] });

	return (
		<section class="strip" aria-label="Spans with samples">
			<p>
				<b>{amount(all, found.unit || unitOf(selection.type))}</b> {kindOf(selection.type).label} in{" "}
				{plural(found.found, "span")} with samples
				{found.rows.length > 0 && (
					<>
						, seen between {spanText(from, until, board.now.value, utc)}{" "}
						<Around board={board} service={found.rows[0].service} from={from} until={until} />
					</>
				)}
			</p>
			<ul>
				{found.rows.slice(0, SHOWN).map((row) => (
					<li key={row.trace + row.span}>
						<button
							type="button"
							aria-pressed={selection.spans.includes(row.span)}
							title="Only this span"
							onClick={() => choose(row.span)}
						>
							<Name name={row.span} />
							<Name name={row.service} max={32} />
							<span class="track">
								<i class="share" style={{ width: `${(100 * row.total) / (found.rows[0].total || 1)}%` }} />
							</span>
							<span class="num">{amount(row.total, found.unit)}</span>
							<span class="num quiet">{percent(row.total / (all || 1))}</span>
						</button>
					</li>
				))}
			</ul>
			{found.rows.length > SHOWN && (
				<p class="note">and {found.rows.length - SHOWN} spans with less</p>
			)}
		</section>
	);
}

/* A request has few samples: the whole service around it has more. */
function Around(props: { board: Dashboard; service: string; from: number; until: number }) {
	const { board, service } = props;
	const middle = (props.from + props.until) / 2;

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
