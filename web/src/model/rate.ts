/* rate: a total over a range: time as how much of it went on at once, all else as it is. */
import { amount, significant } from "./format";
import { Span } from "./selection";

/* The part of a range that profiles are of: an average is over no more. Null without any. */
export function knownPart(range: Span, { first, last }: { first?: number; last?: number }): Span | null {
	const part: Span = [Math.max(range[0], first ?? NaN), Math.min(range[1], last ?? NaN)];

	return part[1] > part[0] ? part : null;
}

export function rate(total: number, unit: string, seconds: number): string {
	if (unit !== "nanoseconds") return amount(total, unit);
	const atOnce = total / 1e9 / seconds;

	return atOnce >= 1 ? `${significant(atOnce)} cores` : `${significant(atOnce * 100)} % of a core`;
}
