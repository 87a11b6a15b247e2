/* colour.test: colours are stable, warm for user code, and their labels can be read. */
import assert from "node:assert/strict";
import test from "node:test";
import { colourFrames, colourOf, palette } from "../src/draw/colour";
import { Kind } from "../src/draw/layout";
import { layoutOf } from "./fixture";

const KINDS = [Kind.User, Kind.Kernel, Kind.Jit, Kind.Inlined, Kind.Runtime, Kind.Group, Kind.Truncated];

function channels(colour: string): [number, number, number] {
	const hsl = /^hsl\(([\d.]+), ([\d.]+)%, ([\d.]+)%\)$/.exec(colour);

	if (!hsl) return [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16) / 255) as never;
	const [h, s, l] = [Number(hsl[1]), Number(hsl[2]) / 100, Number(hsl[3]) / 100];
	const f = (n: number) => {
		const k = (n + h / 30) % 12;

		return l - s * Math.min(l, 1 - l) * Math.max(-1, Math.min(k - 3, 9 - k, 1));
	};

	return [f(0), f(8), f(4)];
}

/* WCAG 2's relative luminance and contrast. */
function luminance(colour: string): number {
	const [r, g, b] = channels(colour).map((c) =>
		c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4,
	);

	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
	const [x, y] = [luminance(a), luminance(b)];

	return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

test("frames of one module have one hue", () => {
	const { fills } = palette(false);
	const hue = (name: string) => fills[colourOf(Kind.User, "libc.so.6", name)].split(",")[0];

	assert.equal(new Set(["malloc", "free", "qsort", "memcpy", "write"].map(hue)).size, 1);
});

test("frames have the colour of the code they are inlined into", () => {
	const layout = layoutOf("main;inlined 1");
	const { frames } = layout;

	frames.kind.fill(Kind.Inlined);
	for (const family of [Kind.User, Kind.Runtime]) {
		frames.family.fill(family);
		const colours = colourFrames(frames);

		for (let i = 0; i < frames.count; i++)
			assert.equal(colours[i], colourOf(family, "", frames.texts.at(frames.name[i])));
	}
});

test("user code is warm, kernel, JIT and runtime are cool", () => {
	for (const dark of [false, true]) {
		const { fills } = palette(dark);
		const hue = (kind: Kind, module: string) =>
			Number(/^hsl\(([\d.]+)/.exec(fills[colourOf(kind, module, "f")])![1]);

		for (let i = 0; i < 200; i++) assert.ok(hue(Kind.User, `module${i}`) <= 60);
		for (const kind of [Kind.Kernel, Kind.Jit, Kind.Runtime]) assert.ok(hue(kind, "m") > 150);
	}
});

test("labels have at least 4.5:1 on every fill, dimmed ones 3:1, in light and dark", () => {
	for (const dark of [false, true]) {
		const p = palette(dark);

		for (const kind of KINDS)
			for (let i = 0; i < 300; i++) {
				const index = colourOf(kind, `module${i}`, `name${i}`);

				assert.ok(contrast(p.fills[index], p.text) >= 4.5, p.fills[index]);
				assert.ok(contrast(p.dimmed[index], p.dimmedText) >= 3, p.dimmed[index]);
			}
		assert.ok(contrast(p.lit, p.litText) >= 4.5);
	}
});
