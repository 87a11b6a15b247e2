/* decode.test: layouts from bytes, and bytes that are none. */
import assert from "node:assert/strict";
import test from "node:test";
import { BadLayout, decode } from "../src/api/decode";
import { Kind, idOf, nameOf, nodeOf, selfOf } from "../src/draw/layout";

const leb = (n: number): number[] => (n < 128 ? [n] : [(n % 128) | 128, ...leb(Math.floor(n / 128))]);
const u32 = (n: number) => [n & 255, (n >> 8) & 255, (n >> 16) & 255, (n >>> 24) & 255];
const block = (bytes: number[]) => [...u32(bytes.length), ...bytes];
const column = (numbers: number[]) => block(numbers.flatMap(leb));

/* all ─ main ─ (3 narrower), all ─ work */
function picture(change: Partial<Record<string, number[]>> = {}): ArrayBuffer {
	const texts = ["", "all", "main", "work", "app"];
	const parts: Record<string, number[]> = {
		header: [0x32414c46, 1, 4, 4, 5, 90].flatMap(u32),
		lengths: column(texts.map((t) => t.length)),
		texts: block([...new TextEncoder().encode(texts.join(""))]),
		names: column([1, 2, 3, 0]),
		modules: column([0, 4, 4, 0]),
		kinds: column([Kind.Group, Kind.Inlined, Kind.Kernel, Kind.Elided]),
		families: column([Kind.Group, Kind.Runtime, Kind.Kernel, Kind.Elided]),
		children: column([2, 1, 0, 0]),
		frames: column([0, 1, 2, 3]),
		self: column([0, 10, 1e15, 5]),
		ids: column([0, 1, 6, 40]),
		hidden: column([3]),
		...change,
	};

	return Uint8Array.from(Object.values(parts).flat()).buffer;
}

test("a picture is what its columns say", () => {
	const layout = decode(picture());

	assert.deepEqual(
		[0, 1, 2].map((node) => nameOf(layout, node)),
		["all", "main", "work"],
	);
	assert.deepEqual([...layout.level], [0, 1, 3, 4]);
	assert.equal(layout.total[0], 1e15 + 15);
	assert.equal(selfOf(layout, 1), 10);
	assert.equal(layout.start[2], 15);
	assert.equal(layout.hidden.get(3), 3);
	assert.equal(layout.wholeCount, 90);
	assert.deepEqual([...layout.frames.kind], [Kind.Group, Kind.Inlined, Kind.Kernel, Kind.Elided]);
	assert.deepEqual([...layout.frames.family], [Kind.Group, Kind.Runtime, Kind.Kernel, Kind.Elided]);
});

test("nodes are known by their number in the whole tree", () => {
	const layout = decode(picture());

	assert.equal(idOf(layout, 2), 7);
	assert.equal(nodeOf(layout, 7), 2);
	assert.equal(nodeOf(layout, 5), -1);
});

test("any cut of a picture is refused", () => {
	const whole = picture();

	for (let length = 0; length < whole.byteLength; length++)
		assert.throws(() => decode(whole.slice(0, length)), BadLayout, `${length} bytes`);
});

test("lies are refused", () => {
	const lies: Partial<Record<string, number[]>>[] = [
		{ header: [0x32414c46, 1, 400000000, 4, 5, 90].flatMap(u32) },
		{ header: [1, 1, 4, 4, 5, 90].flatMap(u32) },
		{ children: column([3, 1, 0, 0]) },
		{ children: column([2, 0, 0, 0]) },
		{ children: column([0, 3, 0, 0]) },
		{ frames: column([0, 1, 2, 4]) },
		{ names: column([1, 2, 9, 0]) },
		{ kinds: column([Kind.Group, 264, Kind.Kernel, Kind.Elided]) },
		{ families: column([Kind.Group, 8, Kind.Kernel, Kind.Elided]) },
		{ lengths: column([0, 3, 4, 4, 400]) },
		{ self: column([0, 10, 1]) },
	];

	for (const lie of lies) assert.throws(() => decode(picture(lie)), BadLayout, JSON.stringify(lie));
});
