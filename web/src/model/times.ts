/* times: ranges that are offered, instants as text in a zone, and where an axis has its marks. */

export const RANGES = [
	{ from: "now-5m", label: "5 minutes" },
	{ from: "now-15m", label: "15 minutes" },
	{ from: "now-30m", label: "30 minutes" },
	{ from: "now-1h", label: "1 hour" },
	{ from: "now-6h", label: "6 hours" },
	{ from: "now-24h", label: "24 hours" },
	{ from: "now-7d", label: "7 days" },
	{ from: "now-30d", label: "30 days" },
];

const STEPS = [
	1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800,
	604800,
];

function two(n: number): string {
	return String(n).padStart(2, "0");
}

/* The fields of an instant on the wall clock of the zone: UTC, or where the reader is. */
function fields(seconds: number, utc: boolean) {
	const date = new Date(seconds * 1000);
	const shift = utc ? 0 : date.getTimezoneOffset() * 60;
	const wall = new Date((Math.floor(seconds) - shift) * 1000);

	return {
		day: `${wall.getUTCFullYear()}-${two(wall.getUTCMonth() + 1)}-${two(wall.getUTCDate())}`,
		minute: `${two(wall.getUTCHours())}:${two(wall.getUTCMinutes())}`,
		second: two(wall.getUTCSeconds()),
	};
}

export function dayText(seconds: number, utc: boolean): string {
	return fields(seconds, utc).day;
}

export function clockText(seconds: number, utc: boolean): string {
	const { minute, second } = fields(seconds, utc);

	return `${minute}:${second}`;
}

/* A range in as few words as say it: its day only where it is not today's. */
export function spanText(from: number, until: number, now: number, utc: boolean): string {
	const a = fields(from, utc);
	const b = fields(until, utc);
	const fine = until - from < 7200;
	const text = (f: typeof a) => (fine ? `${f.minute}:${f.second}` : f.minute);
	const today = dayText(now, utc);
	const first = a.day === today && b.day === today ? text(a) : `${a.day} ${text(a)}`;

	return `${first} – ${a.day === b.day ? text(b) : `${b.day} ${text(b)}`}`;
}

/* "90 s", "15 min", "2.5 h", "3 d". */
export function lengthText(seconds: number): string {
	const rounded = (n: number) => String(Math.round(n * 10) / 10);

	if (seconds < 120) return `${rounded(seconds)} s`;
	if (seconds < 7200) return `${rounded(seconds / 60)} min`;
	if (seconds < 172800) return `${rounded(seconds / 3600)} h`;
	return `${rounded(seconds / 86400)} d`;
}

/* What a time axis has marks at: whole steps of the zone's clock, about `wanted` of them. */
export function axisMarks(from: number, until: number, wanted: number, utc: boolean) {
	const step = STEPS.find((s) => (until - from) / s <= wanted) ?? STEPS[STEPS.length - 1];
	const shift = utc ? 0 : -new Date(from * 1000).getTimezoneOffset() * 60;
	const marks: { at: number; text: string }[] = [];

	for (let at = Math.ceil((from + shift) / step) * step - shift; at <= until; at += step) {
		const { day, minute, second } = fields(at, utc);

		marks.push({
			at,
			text: step < 60 ? `${minute}:${second}` : minute !== "00:00" && step < 86400 ? minute : day.slice(5),
		});
	}
	return marks;
}

/* For <input type="datetime-local">, and back. */
export function inputText(seconds: number, utc: boolean): string {
	const { day, minute, second } = fields(seconds, utc);

	return `${day}T${minute}:${second}`;
}

export function fromInput(text: string, utc: boolean): number {
	const full = text.length === 16 ? text + ":00" : text;

	return Date.parse(utc ? full + "Z" : full) / 1000;
}
