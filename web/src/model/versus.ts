/* versus: what a selection is compared with. */
import { Versus } from "./place";
import { Selection, Span, filterText } from "./selection";
import { lengthText, spanText } from "./times";

export const NO_VERSUS: Versus = { ago: "", at: null, filters: [], trace: "" };

export const AGO: { ago: string; label: string; seconds: number }[] = [
	{ ago: "before", label: "the time just before", seconds: 0 },
	{ ago: "1h", label: "an hour earlier", seconds: 3600 },
	{ ago: "1d", label: "the day before", seconds: 86400 },
	{ ago: "7d", label: "the week before", seconds: 604800 },
];

/* The range of the other side. */
export function otherSpan(versus: Versus, span: Span): Span {
	if (versus.at) return versus.at;
	const ago = AGO.find((a) => a.ago === versus.ago);

	if (!ago) return span;
	const back = ago.seconds || span[1] - span[0];

	return [span[0] - back, span[1] - back];
}

export function otherSelection(versus: Versus, selection: Selection): Selection {
	const kept = selection.filters.filter((f) => !versus.filters.some((v) => v.name === f.name));

	return {
		...selection,
		filters: [...kept, ...versus.filters],
		traces: versus.trace ? [versus.trace] : selection.traces,
		spans: versus.trace ? [] : selection.spans,
	};
}

/* The two sides in the fewest words that tell them apart: [before, after]. */
export function sideNames(
	versus: Versus,
	selection: Selection,
	span: Span,
	now: number,
	utc: boolean,
): [string, string] {
	if (versus.trace) return [`trace ${versus.trace.slice(0, 8)}`, `trace ${selection.traces[0]?.slice(0, 8) ?? ""}`];
	if (versus.filters.length) {
		const own = selection.filters.filter((f) => versus.filters.some((v) => v.name === f.name));

		return [versus.filters.map(filterText).join(", "), own.map(filterText).join(", ") || "all"];
	}
	const other = otherSpan(versus, span);
	const ago = AGO.find((a) => a.ago === versus.ago);

	if (ago?.seconds) return [ago.label, spanText(...span, now, utc)];
	return [spanText(...other, now, utc), `${spanText(...span, now, utc)} (${lengthText(span[1] - span[0])})`];
}
