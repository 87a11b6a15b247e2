/* sides: one function in the middle, who calls it above it, what it calls below. */
import { useEffect, useState } from "preact/hooks";
import { Kind, Layout, kindOf, nameOf } from "../draw/layout";
import { amount, percent } from "../model/format";
import { Session } from "../model/session";
import { Canvas } from "./graph";
import { Name } from "./parts";
import { Tip, Tooltip } from "./tooltip";
import { Twin } from "./twin";

export function BothSides({ session }: { session: Session }) {
	const { callers, callees } = session.sides.value!;
	const total = callees.total[0];

	return (
		<main class="graph sides" aria-label="Callers and callees, as a picture">
			<Side session={session} layout={callers} icicle={false} />
			<p>
				<span class="quiet">called by ↑</span> <Name name={session.view.value.selected!} max={100} />{" "}
				<b>{percent(total / (session.all.value || 1))}</b>{" "}
				<span class="quiet">{amount(total, session.unit.value)} · calls ↓</span>
			</p>
			<Side session={session} layout={callees} icicle />
			<Twin session={session} />
		</main>
	);
}

/* A click puts another function into the middle. */
function Side({ session, layout, icicle }: { session: Session; layout: Layout; icicle: boolean }) {
	const [tip, setTip] = useState<Tip | null>(null);
	const [range, setRange] = useState<[number, number] | null>(null);

	useEffect(() => {
		setTip(null);
		setRange(null);
	}, [layout]);
	return (
		<div class="side">
			<Canvas
				waiting={session.status.waiting.value !== ""}
				show={{
					layout,
					focus: 0,
					range,
					icicle,
					lit: null,
					selectedName: session.selectedName.value,
					current: -1,
					samples: session.meta.value?.pair?.samples ?? [0, 0],
				}}
				hover={(node, x, y) => setTip(node >= 0 ? { node, x, y, layout, onlyTotal: !icicle } : null)}
				pick={(node) => {
					if (kindOf(layout, node) !== Kind.Group) session.select(nameOf(layout, node));
				}}
				range={(x0, x1) => setRange([x0, x1])}
			/>
			{tip && tip.layout === layout && <Tooltip session={session} tip={tip} />}
		</div>
	);
}
