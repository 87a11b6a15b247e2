/* decode: the bytes of docs/formats/flame-layout.md as a Layout. */
import { Kind, Layout, Texts, pairOf, pairWidths, place } from "../draw/layout";

const MAGIC = 0x32414c46; // "FLA2", little-endian
const HEADER = 24;
const PRUNED = 1;
const PAIR = 2;
const NODES_MAX = 1 << 24;

export class BadLayout extends Error {}

/* Reads columns of LEB128 numbers, each after its length in bytes. */
class Columns {
	private at = HEADER;

	constructor(private bytes: Uint8Array) {}

	next(): Uint8Array {
		if (this.at + 4 > this.bytes.length) throw new BadLayout("a column is missing");
		const view = new DataView(this.bytes.buffer, this.bytes.byteOffset + this.at, 4);
		const length = view.getUint32(0, true);

		this.at += 4;
		if (length > this.bytes.length - this.at) throw new BadLayout("a column is cut short");
		this.at += length;
		return this.bytes.subarray(this.at - length, this.at);
	}

	/* Numbers of any size: past 2^53 the nearest that a double holds. */
	numbers(into: Float64Array | Uint32Array): void {
		const column = this.next();
		let at = 0;

		for (let i = 0; i < into.length; i++) {
			let byte = column[at++];
			let number = byte & 0x7f;

			for (let scale = 128; byte & 0x80; scale *= 128) {
				byte = column[at++];
				number += (byte & 0x7f) * scale;
			}
			into[i] = number;
		}
		if (at !== column.length) throw new BadLayout("a column has the wrong length");
	}
}

function checkBelow(column: Uint32Array, limit: number, what: string) {
	for (let i = 0; i < column.length; i++)
		if (column[i] >= limit) throw new BadLayout(`${what} ${i} is out of range`);
}

function kinds(column: Uint32Array, what: string): Uint8Array {
	checkBelow(column, Kind.Elided + 1, what);
	return Uint8Array.from(column);
}

/* Turns numbers into their running sums, in place. */
function sum(column: Uint32Array): Uint32Array {
	for (let i = 1; i < column.length; i++) column[i] += column[i - 1];
	return column;
}

function childIndex(counts: Uint32Array): Uint32Array {
	const count = counts.length;
	const first = new Uint32Array(count + 1);
	let next = Math.min(1, count);

	for (let i = 0; i < count; i++) {
		first[i] = next;
		next += counts[i];
		/* A node without a parent before it would make the walk endless. */
		if (next > count || (next <= i + 1 && i + 1 < count))
			throw new BadLayout(`node ${i} has impossible children`);
	}
	if (next !== count) throw new BadLayout("nodes are missing");
	first[count] = next;
	return first;
}

export function decode(buffer: ArrayBuffer): Layout {
	const bytes = new Uint8Array(buffer);

	if (bytes.length < HEADER) throw new BadLayout("the picture is cut short");
	const [magic, flags, count, frameCount, textCount, wholeCount] = new Uint32Array(
		buffer.slice(0, HEADER),
	);

	if (magic !== MAGIC) throw new BadLayout("this is not a picture this page can read");
	if (Math.max(count, frameCount, textCount) > Math.min(NODES_MAX, bytes.length))
		throw new BadLayout("the picture promises more than it holds");
	const columns = new Columns(bytes);
	const column = (n: number) => {
		const into = new Uint32Array(n);

		columns.numbers(into);
		return into;
	};
	const ends = sum(column(textCount));
	const text = columns.next();
	const name = column(frameCount);
	const module = column(frameCount);
	const kind = kinds(column(frameCount), "kind");
	const family = kinds(column(frameCount), "family");
	const firstChild = childIndex(column(count));
	const frame = column(count);
	const self = new Float64Array(count);

	columns.numbers(self);
	const id = flags & PRUNED ? sum(column(count)) : null;
	const hidden = new Map<number, number>();

	checkBelow(name, textCount, "name");
	checkBelow(module, textCount, "module");
	checkBelow(frame, frameCount, "frame");
	if (textCount && ends[textCount - 1] !== text.length) throw new BadLayout("texts are cut short");
	if (flags & PRUNED) {
		const elided: number[] = [];

		for (let i = 0; i < count; i++) if (kind[frame[i]] === Kind.Elided) elided.push(i);
		column(elided.length).forEach((n, i) => hidden.set(elided[i], n));
	}
	const base = new Float64Array(flags & PAIR ? count : 0);

	if (flags & PAIR) columns.numbers(base);
	const pair = flags & PAIR ? pairOf(firstChild, base, self) : null;
	const placed = place(firstChild, pair ? pairWidths(pair) : self);

	return {
		count,
		depth: placed.level.length - 1,
		firstChild,
		...placed,
		frame,
		id,
		hidden,
		wholeCount,
		pair,
		frames: { count: frameCount, name, module, kind, family, texts: new Texts(text, ends) },
	};
}
