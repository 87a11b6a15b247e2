/* twin: the flame graph as a tree grid, for screen readers: the way to the current frame and what
 * it calls. It holds the keyboard's focus for the canvas. */
import { Layout, depthOf, idOf, kindOf, nameOf, nodeOf, parentOf, pathTo, selfOf } from "../draw/layout";
import { shownBriefly } from "../draw/clip";
import { amount, percent } from "../model/format";
import { Session } from "../model/session";
import { KIND_WORDS } from "./function";

const CHILDREN_MAX = 60;

function widestChildren(layout: Layout, node: number): number[] {
	const children = [];

	for (let c = layout.firstChild[node]; c < layout.firstChild[node + 1]; c++) children.push(c);
	return children.sort((a, b) => layout.total[b] - layout.total[a]).slice(0, CHILDREN_MAX);
}

export function Twin({ session }: { session: Session }) {
	const layout = session.layout.value;

	if (!layout || layout.count === 0) return null;
	const asked = session.current.value < 0 ? -1 : nodeOf(layout, session.current.value);
	const current = asked < 0 ? session.focus.value : asked;
	const rows = [...pathTo(layout, current), ...widestChildren(layout, current)];

	return (
		<div
			class="twin"
			role="treegrid"
			tabIndex={0}
			aria-label="Flame graph. Arrows walk the frames, Enter zooms, Escape goes back."
			aria-activedescendant={`frame-${idOf(layout, current)}`}
			aria-colcount={4}
			onFocus={() => {
				if (session.current.value < 0) session.current.value = idOf(layout, current);
			}}
		>
			{rows.map((node) => (
				<Row key={idOf(layout, node)} session={session} node={node} current={current} />
			))}
		</div>
	);
}

function Row(props: { session: Session; node: number; current: number }) {
	const { session, node } = props;
	const layout = session.layout.value!;
	const parent = parentOf(layout, node);
	const first = parent < 0 ? 0 : layout.firstChild[parent];
	const size = parent < 0 ? 1 : layout.firstChild[parent + 1] - first;
	const depth = depthOf(layout, node);
	const hasChildren = layout.firstChild[node + 1] > layout.firstChild[node];
	const onPath = depth <= depthOf(layout, props.current);
	const word = KIND_WORDS[kindOf(layout, node)];
	const unit = session.unit.value;

	return (
		<div
			id={`frame-${idOf(layout, node)}`}
			role="row"
			aria-level={depth + 1}
			aria-posinset={node - first + 1}
			aria-setsize={size}
			aria-expanded={hasChildren ? onPath : undefined}
			aria-selected={node === props.current}
		>
			<span role="gridcell">
				{shownBriefly(nameOf(layout, node), 120)}
				{word && `, ${word}`}
			</span>
			<span role="gridcell">total {percent(layout.total[node] / (session.all.value || 1))}</span>
			<span role="gridcell">{amount(layout.total[node], unit)}</span>
			<span role="gridcell">self {amount(selfOf(layout, node), unit)}</span>
		</div>
	);
}
