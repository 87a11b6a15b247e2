/* traces: the heaviest requests of what is selected, and the spans of one of them. */
import { useSignal, useSignalEffect } from "@preact/signals";
import { Traces } from "../api/lists";
import { amount, plural } from "../model/format";
import { Dashboard } from "../model/dashboard";
import { kindOf } from "../model/kinds";
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
