/* graph: the canvas, its tooltip, and the tree grid that says the same to those who don't see it. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Flame, FlameEvents, Show } from "../draw/flame";
import { idOf, kindOf, nameOf, nodeOf } from "../draw/layout";
import { Kind, parentOf } from "../draw/layout";
import { Session } from "../model/session";
import { BothSides } from "./sides";
import { colours } from "./swatch";
import { Tip, Tooltip } from "./tooltip";
import { Twin } from "./twin";

const RANGE_STEP_MS = 600; // movements closer together than this are one step to undo

export function Graph({ session }: { session: Session }) {
	const [tip, setTip] = useState<Tip | null>(null);
	const ranged = useRef(0);
	const layout = session.layout.value;
	const { icicle, range, zoom } = session.view.value;

	useEffect(() => setTip(null), [layout, zoom]);
	if (session.sides.value) return <BothSides session={session} />;
	return (
		<main class="graph" aria-label="Flame graph">
			<Canvas
				waiting={session.status.waiting.value !== ""}
				show={
					layout && {
						layout,
						focus: session.focus.value,
						range: session.free.value ? range : null,
						icicle,
						lit: session.matches.value?.nodes ?? null,
						selectedName: session.selectedName.value,
						current: session.current.value < 0 ? -1 : nodeOf(layout, session.current.value),
						samples: session.meta.value?.pair?.samples ?? [0, 0],
					}
				}
				hover={(node, x, y) => setTip(node >= 0 ? { node, x, y } : null)}
				pick={(node, how) => pick(session, node, how.only)}
				range={(x0, x1) => {
					const now = performance.now();

					session.set({ range: [x0, x1] }, now - ranged.current > RANGE_STEP_MS);
					ranged.current = now;
				}}
			/>
			<Twin session={session} />
			{layout !== null && layout.total[0] === 0 && <Empty />}
			{layout && tip && tip.node < layout.count && <Tooltip session={session} tip={tip} />}
		</main>
	);
}

/* What the renderer draws, where the page has room for it. */
export function Canvas(props: FlameEvents & { show: Show | null; waiting: boolean }) {
	const scroller = useRef<HTMLDivElement>(null);
	const spacer = useRef<HTMLDivElement>(null);
	const canvas = useRef<HTMLCanvasElement>(null);
	const flame = useRef<Flame | null>(null);
	const events = useRef<FlameEvents>(props);

	events.current = props;
	useEffect(() => {
		flame.current = new Flame(scroller.current!, spacer.current!, canvas.current!, colours.value, {
			hover: (node, x, y) => events.current.hover(node, x, y),
			pick: (node, how) => events.current.pick(node, how),
			range: (x0, x1) => events.current.range(x0, x1),
		});
		return () => flame.current?.close();
	}, []);
	useEffect(() => flame.current?.setPalette(colours.value), [colours.value]);
	useEffect(() => {
		if (props.show) flame.current?.update(props.show);
	});
	return (
		<div class="scroller" ref={scroller} data-waiting={props.waiting}>
			<div class="spacer" ref={spacer}>
				<canvas ref={canvas} aria-hidden="true" />
			</div>
		</div>
	);
}

function Empty() {
	return (
		<div class="empty">
			<h2>No samples here</h2>
			<p>This profile has no samples of this type. Choose another type above, or record again:</p>
			<pre>flyover record -a -d 10 -o profile.pb.gz</pre>
		</div>
	);
}

function pick(session: Session, node: number, only: boolean) {
	const layout = session.layout.value;

	if (!layout) return;
	const kind = kindOf(layout, node);

	session.current.value = idOf(layout, node);
	/* What was left out is not a frame: look closer at where it is. */
	if (kind === Kind.Elided) {
		const start = layout.start[node];

		if (layout.total[node] * 4 > layout.total[parentOf(layout, node)])
			session.set({ range: [start, start + Math.max(1, layout.total[node] / 4)] });
		else session.set({ range: [start, start + layout.total[node]] });
		return;
	}
	if (kind !== Kind.Group) session.select(nameOf(layout, node));
	if (!only) session.zoomTo(node);
}
