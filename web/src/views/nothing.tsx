/* nothing: a selection without samples: why that may be, and what to do. */
import { Dashboard } from "../model/dashboard";
import { lengthText } from "../model/times";

export function Nothing({ board }: { board: Dashboard }) {
	const { selection, at } = board.place.value;
	const [from, until] = board.range.value;
	const narrowed = selection.filters.length > 0 || selection.spans.length > 0;

	return (
		<section class="nothing">
			<h2>No samples here</h2>
			{selection.traces.length > 0 ? (
				<p>
					This trace has no samples of this kind in the last {lengthText(until - from)}: a request
					that took less CPU time than one sample stands for (10 ms at 100 Hz) often has none.
				</p>
			) : (
				<p>
					{selection.service || "No service"} has nothing of this kind in{" "}
					{at ? "the picked part of " : ""}these {lengthText(until - from)}.
				</p>
			)}
			<p class="actions">
				{at && (
					<button type="button" onClick={() => board.go({ at: null })}>
						Show the whole range
					</button>
				)}
				{narrowed && (
					<button type="button" onClick={() => board.select({ filters: [], spans: [] })}>
						Without filters
					</button>
				)}
				{until - from < 7 * 86400 && (
					<button
						type="button"
						onClick={() => board.select({ from: "now-7d", until: "now" }, { at: null })}
					>
						Look through the last 7 days
					</button>
				)}
			</p>
			{!narrowed && selection.traces.length === 0 && <Commands />}
		</section>
	);
}

/* With this server's own address in them. */
export function Commands() {
	const at = location.origin;

	return (
		<div class="commands">
			<p>Any of these sends some:</p>
			<pre>flyover up</pre>
			<p>samples every process of a machine, and is a server too;</p>
			<pre>FLYOVER_PUSH={at} flyover run -- PROGRAM</pre>
			<p>lets a program push its own;</p>
			<pre>curl --data-binary @cpu.pb.gz '{at}/api/v1/profiles?service=shop'</pre>
			<p>sends a profile that you have.</p>
		</div>
	);
}
