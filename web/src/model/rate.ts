/* rate: a total over a range: time as how much of it went on at once, all else as it is. */
import { amount, significant } from "../model/format";

export function rate(total: number, unit: string, seconds: number): string {
	if (unit !== "nanoseconds") return amount(total, unit);
	const atOnce = total / 1e9 / seconds;

	return atOnce >= 1 ? `${significant(atOnce)} cores` : `${significant(atOnce * 100)} % of a core`;
}
