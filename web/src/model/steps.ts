/* steps: a timeline in steps that fit what comes. */
import { Timeline } from "../api/lists";

/* Profiles that come every 30 s are no comb: steps are at least as long as their distance. */
export function smooth(timeline: Timeline): Timeline {
	const n = timeline.lines[0]?.points.length ?? 0;
	const there: number[] = [];

	for (let i = 0; i < n; i++) if (timeline.lines.some((line) => line.points[i] !== 0)) there.push(i);
	const gaps = there.slice(1).map((at, i) => at - there[i]);
	const by = gaps.sort((a, b) => a - b)[gaps.length >> 1] ?? 1;

	if (by < 2 || by > 30) return timeline;
	/* Steps begin at round times, so that they stay where they are when the range moves. */
	const step = by * timeline.step;
	const skew = Math.round((timeline.from % step) / timeline.step);
	const count = Math.ceil((n + skew) / by);

	return {
		...timeline,
		from: timeline.from - skew * timeline.step,
		step,
		lines: timeline.lines.map((line) => {
			const points = new Array<number>(count).fill(0);

			line.points.forEach((v, i) => (points[Math.floor((i + skew) / by)] += v));
			return { ...line, points };
		}),
	};
}
