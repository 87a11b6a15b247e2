/* tooltip: what the pointer is over, in words and figures. */
import { useLayoutEffect, useRef } from "preact/hooks";
import { Kind, Layout, Pair, kindOf, moduleOf, nameOf, selfOf } from "../draw/layout";
import { shownBriefly } from "../draw/clip";
import { amount, percent, plural, shareText } from "../model/format";
import { Session } from "../model/session";
import { KIND_WORDS } from "./function";
import { Name } from "./parts";

export interface Tip {
	node: number;
	x: number;
	y: number;
	layout?: Layout; // another one than the session's
	onlyTotal?: boolean; // of a picture of callers
}

const AWAY = 14;

export function Tooltip({ session, tip }: { session: Session; tip: Tip }) {
	const box = useRef<HTMLDivElement>(null);

	useLayoutEffect(() => {
		const style = box.current!.style;
		const { offsetWidth: w, offsetHeight: h } = box.current!;
		const right = tip.x + AWAY + w < innerWidth;
		const above = tip.y - AWAY - h > 0;

		style.left = `${Math.max(4, right ? tip.x + AWAY : tip.x - AWAY - w)}px`;
		style.top = `${above ? tip.y - AWAY - h : Math.min(tip.y + AWAY, innerHeight - h - 4)}px`;
	});
	const { node } = tip;
	const layout = tip.layout ?? session.layout.value!;
	const kind = kindOf(layout, node);
	const [x0, x1] = session.visible.value;
	const total = layout.total[node];
	const self = selfOf(layout, node);
	const all = session.all.value || 1;
	const n = session.meta.value?.samples ?? 0;
	const unit = session.unit.value;
	const hidden = layout.hidden.get(node);

	return (
		<div class="tip" role="tooltip" ref={box}>
			<p class="title">
				{hidden === undefined ? (
					<Name name={nameOf(layout, node)} />
				) : (
					plural(hidden, "narrower frame")
				)}
			</p>
			<p class="where">
				{hidden !== undefined
					? "not loaded at this zoom; click to look closer"
					: [shownBriefly(moduleOf(layout, node), 80), KIND_WORDS[kind]]
							.filter((word) => word)
							.join(" · ")}
			</p>
			{layout.pair && <Sides session={session} node={node} pair={layout.pair} />}
			<table hidden={layout.pair !== null}>
				<tbody>
					<Figure what="Total" value={total} />
					{kind !== Kind.Elided && !tip.onlyTotal && <Figure what="Self" value={self} />}
				</tbody>
			</table>
			{x1 - x0 < all && total <= x1 - x0 && (
				<p class="quiet">{percent(total / (x1 - x0))} of what is visible</p>
			)}
		</div>
	);

	function Figure({ what, value }: { what: string; value: number }) {
		return (
			<tr>
				<th>{what}</th>
				<td>{amount(value, unit)}</td>
				<td>{shareText(value / all, n)}</td>
			</tr>
		);
	}
}

/* Before and after, each in its own whole. */
function Sides({ session, node, pair }: { session: Session; node: number; pair: Pair }) {
	const unit = session.unit.value;
	const n = session.meta.value?.pair?.samples ?? [0, 0];
	const row = (what: string, total: Float64Array, self: Float64Array, samples: number) => (
		<tr>
			<th>{what}</th>
			<td>{amount(total[node], unit)}</td>
			<td>{shareText(total[node] / (total[0] || 1), samples)}</td>
			<td>self {amount(self[node], unit)}</td>
		</tr>
	);

	return (
		<table>
			<tbody>
				{row("Before", pair.before, pair.beforeSelf, n[0])}
				{row("After", pair.after, pair.afterSelf, n[1])}
			</tbody>
		</table>
	);
}
