/* overtime: a function's share over time, beside what it costs now. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Share } from "../api/lists";
import { percent } from "../model/format";
import { Dashboard } from "../model/dashboard";
import { wordsOf } from "../model/selection";

const NAME_MAX = 4000; // an address takes no longer ones
const POINTS = 48;
const WIDTH = 320;
const HEIGHT = 40;

/* Few points, each of many samples. */
function coarse(share: Share): number[] {
	const by = Math.max(1, Math.ceil(share.whole.length / POINTS));
	const points = [];

	for (let i = 0; i < share.whole.length; i += by) {
		const sum = (all: number[]) => all.slice(i, i + by).reduce((a, b) => a + b, 0);
		const whole = sum(share.whole);

		points.push(whole > 0 ? sum(share.total) / whole : NaN);
	}
	return points;
}

export function OverTime({ board, name }: { board: Dashboard; name: string }) {
	const share = useSignal<Share | null>(null);
	const range = board.range.value;
	const selection = board.selection.value;

	useEffect(() => {
		share.value = null;
		if (name.length > NAME_MAX) return;
		void board.status.attempt("the function over time", async () => {
			const found = await board.lists.share(wordsOf(selection, range), name);

			if (board.session.view.peek().selected === name) share.value = found;
		});
	}, [name, range, selection]);
	if (!share.value || share.value.whole.length < 2) return <div class="over-time" />;
	const points = coarse(share.value);
	const known = points.filter((p) => !Number.isNaN(p));
	const most = Math.max(...known, 0);
	const step = WIDTH / points.length;
	const y = (p: number) => (HEIGHT - 1 - ((HEIGHT - 3) * p) / (most || 1)).toFixed(1);
	const path = points
		.map((p, i) =>
			Number.isNaN(p)
				? `V${HEIGHT}H${((i + 1) * step).toFixed(1)}`
				: `V${y(p)}H${((i + 1) * step).toFixed(1)}`,
		)
		.join("");

	return (
		<figure class="over-time">
			<svg
				viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
				preserveAspectRatio="none"
				role="img"
				aria-label={`Share over time, between ${percent(Math.min(...known))} and ${percent(most)}`}
			>
				<path class="area a0" d={`M0,${HEIGHT}${path}V${HEIGHT}Z`} />
			</svg>
			<figcaption>share over the range, up to {percent(most)}</figcaption>
		</figure>
	);
}
