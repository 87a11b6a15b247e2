/* graph: the canvas, its tooltip, and the tree grid that says the same to those who don't see it. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Flame } from "../draw/flame";
import { idOf, kindOf, nameOf, nodeOf } from "../draw/layout";
import { Kind, parentOf } from "../draw/layout";
import { Session } from "../model/session";
import { colours } from "./swatch";
import { Tip, Tooltip } from "./tooltip";
import { Twin } from "./twin";

const RANGE_STEP_MS = 600; // movements closer together than this are one step to undo

export function Graph({ session }: { session: Session }) {
	const scroller = useRef<HTMLDivElement>(null);
	const spacer = useRef<HTMLDivElement>(null);
	const canvas = useRef<HTMLCanvasElement>(null);
	const flame = useRef<Flame | null>(null);
	const [tip, setTip] = useState<Tip | null>(null);
	const layout = session.layout.value;

	useEffect(() => {
		let ranged = 0;

		flame.current = new Flame(scroller.current!, spacer.current!, canvas.current!, colours.value, {
			hover: (node, x, y) => setTip(node >= 0 ? { node, x, y } : null),
			pick: (node, how) => pick(session, node, how.only),
			range: (x0, x1) => {
				const now = performance.now();

				session.set({ range: [x0, x1] }, now - ranged > RANGE_STEP_MS);
				ranged = now;
			},
		});
		return () => flame.current?.close();
	}, []);
	useEffect(() => flame.current?.setPalette(colours.value), [colours.value]);
	/* Read here, not in the effect: what is read while rendering is what the view follows. */
	const show = layout && {
		layout,
		focus: session.focus.value,
		range: session.free.value ? session.view.value.range : null,
		icicle: session.view.value.icicle,
		lit: session.matches.value?.nodes ?? null,
		selectedName: session.selectedName.value,
		current: session.current.value < 0 ? -1 : nodeOf(layout, session.current.value),
		samples: session.meta.value?.pair?.samples ?? ([0, 0] as [number, number]),
	};

	useEffect(() => {
		if (show) flame.current?.update(show);
	});
	useEffect(() => setTip(null), [layout, session.view.value.zoom]);
	const empty = layout !== null && layout.total[0] === 0;

	return (
		<main class="graph" aria-label="Flame graph">
			<div class="scroller" ref={scroller} data-waiting={session.status.waiting.value !== ""}>
				<div class="spacer" ref={spacer}>
					<canvas ref={canvas} aria-hidden="true" />
				</div>
			</div>
			<Twin session={session} />
			{empty && <Empty />}
			{layout && tip && tip.node < layout.count && <Tooltip session={session} tip={tip} />}
		</main>
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
