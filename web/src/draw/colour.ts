/* colour: warm hues for user code by module, one cool tone each for kernel, JIT and runtime. */
import { Frames, Kind } from "./layout";

export interface Palette {
	fills: string[];
	dimmed: string[]; // the same while something else is lit
	text: string;
	dimmedText: string;
	lit: string; // search matches
	litText: string;
	selected: string; // the outline of the selected function
	selectedFill: string;
	hatch: string;
	background: string;
}

const HUES = 13;
const SHADES = 3;
const WARM = HUES * SHADES;

/* The same everywhere and for ever: FNV-1a over UTF-16 units. */
export function stableHash(text: string): number {
	let hash = 0x811c9dc5;

	for (let i = 0; i < text.length && i < 256; i++)
		hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
	hash ^= hash >>> 15;
	return Math.imul(hash, 0x2c1b3c6d) >>> 0;
}

/* The index into Palette.fills of a function. */
export function colourOf(kind: Kind, module: string, name: string): number {
	const shade = stableHash(name) % SHADES;

	if (kind !== Kind.User && kind !== Kind.Inlined) return WARM + kind * SHADES + shade;
	return (stableHash(module) % HUES) * SHADES + shade;
}

export function colourFrames(frames: Frames): Uint8Array {
	const colours = new Uint8Array(frames.count);

	for (let i = 0; i < frames.count; i++)
		colours[i] = colourOf(
			frames.kind[i],
			frames.texts.at(frames.module[i]),
			frames.texts.at(frames.name[i]),
		);
	return colours;
}

interface Tone {
	hue: number;
	saturation: number;
}

const TONES: Record<number, Tone> = {
	[Kind.Kernel]: { hue: 211, saturation: 42 },
	[Kind.Jit]: { hue: 168, saturation: 36 },
	[Kind.Runtime]: { hue: 256, saturation: 34 },
	[Kind.Group]: { hue: 220, saturation: 7 },
	[Kind.Truncated]: { hue: 330, saturation: 8 },
	[Kind.Elided]: { hue: 220, saturation: 4 },
};

function hsl(tone: Tone, lightness: number): string {
	return `hsl(${tone.hue}, ${tone.saturation}%, ${lightness}%)`;
}

/* Every warm hue between red (6°) and yellow (52°). */
function warm(index: number): Tone {
	return { hue: 6 + (index * 46) / (HUES - 1), saturation: 0 };
}

function shades(tone: Tone, dark: boolean, dimmed: boolean): string[] {
	/* Yellow is lighter to the eye than red at the same lightness. */
	const yellow = tone.saturation === 0 ? (tone.hue - 6) / 46 : 0;
	const saturation = tone.saturation || (dark ? 56 : 88);
	const steps = [-1, 0, 1];

	return steps.map((step) => {
		if (dark) {
			const light = (tone.saturation ? 33 : 35 - 5 * yellow) + step * 2.2;

			return hsl(
				{ hue: tone.hue, saturation: dimmed ? saturation * 0.35 : saturation },
				dimmed ? light * 0.62 : light,
			);
		}
		const light = (tone.saturation ? 78 : 74 - 6 * yellow) + step * 2.4;

		return hsl(
			{ hue: tone.hue, saturation: dimmed ? saturation * 0.4 : saturation },
			dimmed ? light + (100 - light) * 0.55 : light,
		);
	});
}

export function palette(dark: boolean): Palette {
	const all = (dimmed: boolean) => {
		const fills: string[] = [];

		for (let i = 0; i < HUES; i++) fills.push(...shades(warm(i), dark, dimmed));
		for (let kind = 0; kind <= Kind.Elided; kind++)
			fills.push(...shades(TONES[kind] ?? TONES[Kind.Group], dark, dimmed));
		return fills;
	};

	return {
		fills: all(false),
		dimmed: all(true),
		text: dark ? "#fff7ea" : "#241404",
		dimmedText: dark ? "#b4b0aa" : "#6b655e",
		lit: dark ? "#a78bfa" : "#6d3fe0",
		litText: dark ? "#140a2e" : "#ffffff",
		selected: dark ? "#ffffff" : "#1a1a1a",
		selectedFill: dark ? "#f0b429" : "#ffcf33",
		hatch: dark ? "rgba(255,255,255,.22)" : "rgba(0,0,0,.22)",
		background: dark ? "#16181d" : "#ffffff",
	};
}
