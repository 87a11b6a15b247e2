/* format: numbers as people read them: three significant digits, the unit once. */

const SECOND = 1e9;
const KI = 1024;

interface Step {
	size: number;
	unit: string;
}

const TIMES: Step[] = [
	{ size: SECOND, unit: "s" },
	{ size: 1e6, unit: "ms" },
	{ size: 1e3, unit: "µs" },
	{ size: 1, unit: "ns" },
];

const SIZES: Step[] = [
	{ size: KI ** 4, unit: "TiB" },
	{ size: KI ** 3, unit: "GiB" },
	{ size: KI ** 2, unit: "MiB" },
	{ size: KI, unit: "KiB" },
	{ size: 1, unit: "B" },
];

const TO_NANOSECONDS: Record<string, number> = {
	nanoseconds: 1,
	microseconds: 1e3,
	milliseconds: 1e6,
	seconds: SECOND,
};

export function significant(value: number): string {
	const size = Math.abs(value);

	if (size >= 100) return Math.round(value).toLocaleString("en");
	if (size >= 10) return value.toFixed(1);
	return value.toFixed(2);
}

/* One scale for a whole column: that of its largest value. */
export function scaleFor(unit: string, largest: number): { factor: number; unit: string } {
	const toNs = TO_NANOSECONDS[unit];
	const steps = toNs ? TIMES : unit === "bytes" ? SIZES : null;

	if (!steps) return { factor: 1, unit: unit === "count" ? "" : unit };
	const base = toNs ?? 1;
	const step = steps.find((s) => largest * base >= s.size) ?? steps[steps.length - 1];

	return { factor: base / step.size, unit: step.unit };
}

export function inScale(value: number, scale: { factor: number; unit: string }): string {
	return scale.factor === 1 ? Math.round(value).toLocaleString("en") : significant(value * scale.factor);
}

export function amount(value: number, unit: string): string {
	const scale = scaleFor(unit, Math.abs(value));

	return scale.unit ? `${inScale(value, scale)} ${scale.unit}` : inScale(value, scale);
}

export function percent(share: number): string {
	const p = share * 100;

	if (p === 0) return "0 %";
	if (p < 0.01) return "< 0.01 %";
	if (p > 99.99 && p < 100) return "> 99.9 %";
	return `${p >= 99.95 ? Math.round(p) : p >= 10 ? p.toFixed(1) : p.toFixed(2)} %`;
}

/* Half the width of Wilson's 95 % confidence interval of a share seen in n samples, as
 * model/confidence.h has it; NaN when n is not known. */
export function halfInterval(share: number, n: number): number {
	const z = 1.959963984540054;

	if (!(n > 0)) return NaN;
	return (z / (1 + (z * z) / n)) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
}

/* "73.1 % ± 1.6": the points have the digits that the interval deserves. */
export function shareText(share: number, n: number): string {
	const half = halfInterval(share, n) * 100;

	if (Number.isNaN(half) || share === 0) return percent(share);
	return `${percent(share)} ± ${half >= 10 ? half.toFixed(0) : half >= 1 ? half.toFixed(1) : half.toFixed(2)}`;
}

export function plural(n: number, one: string, many = one + "s"): string {
	return `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
}
