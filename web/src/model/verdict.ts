/* verdict: a comparison in one sentence: how much more or less, how sure, and where it is. */
import { Comparison } from "../api/source";
import { Layout, nameOf, parentOf } from "../draw/layout";

const Z = 1.96;
const WHERE_MIN = 0.5; // the share of the change that a place has to explain

export interface Verdict {
	change: number; // of the total per second: 0.18 = 18 % more
	half: number; // of its 95 % interval; NaN if samples are not counted
	sure: boolean;
	where: { name: string; under: string; share: number } | null;
}

/* Values per second: the ranges may have different lengths. */
export function verdictOf(pair: Comparison, seconds: [number, number], layout: Layout | null): Verdict | null {
	const rates = pair.wholes.map((whole, i) => whole / seconds[i]);

	if (!(rates[0] > 0)) return null;
	const ratio = rates[1] / rates[0];
	const [a, b] = pair.samples;
	const half = a > 0 && b > 0 ? Z * Math.SQRT2 * ratio * Math.sqrt(1 / a + 1 / b) : NaN;
	const change = ratio - 1;

	return {
		change,
		half,
		sure: Math.abs(change) > half,
		where: layout && whereOf(layout, seconds),
	};
}

/* Down from the root, as long as one callee has most of the change. */
function whereOf(layout: Layout, seconds: [number, number]): Verdict["where"] {
	const { pair, firstChild } = layout;

	if (!pair || layout.count === 0) return null;
	const change = (node: number) => pair.after[node] / seconds[1] - pair.before[node] / seconds[0];
	const all = change(0);
	let node = 0;
	let branch = -1; // where the way first left what has nearly all of everything

	for (;;) {
		let best = -1;

		for (let c = firstChild[node]; c < firstChild[node + 1]; c++)
			if (best < 0 || change(c) / all > change(best) / all) best = c;
		if (best < 0 || change(best) / all < Math.max(WHERE_MIN, 0.8 * (change(node) / all))) break;
		if (branch < 0 && layout.total[best] < 0.9 * layout.total[0]) branch = best;
		node = best;
	}
	if (node === 0 || parentOf(layout, node) <= 0) return null;
	const under = branch >= 0 && branch !== node ? branch : parentOf(layout, node);

	return { name: nameOf(layout, node), under: nameOf(layout, under), share: change(node) / all };
}
