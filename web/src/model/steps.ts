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

/* An instant that the timeline names. */
export interface Mark {
	at: number;
	text: string;
}

/* Labels that say what was deployed, the surest first. */
export const VERSIONS = ["version", "service_version", "release", "revision", "service_git_ref", "image"];

const MARKS_MAX = 12;

/* Where values of the label begin that were not there from the start. */
export function beginnings(timeline: Timeline): Mark[] {
	const marks: Mark[] = [];

	for (const line of timeline.lines) {
		const first = line.points.findIndex((v) => v !== 0);

		if (line.value && first > 0) marks.push({ at: timeline.from + first * timeline.step, text: line.value });
	}
	/* What is there when everything begins is no deploy. */
	const start = Math.min(
		...timeline.lines.map((line) => line.points.findIndex((v) => v !== 0)).filter((i) => i >= 0),
	);

	return marks
		.filter((mark) => mark.at > timeline.from + (start + 1) * timeline.step)
		.sort((a, b) => a.at - b.at)
		.slice(0, MARKS_MAX);
}
