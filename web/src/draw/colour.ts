/* colour: warm hues for user code by module, one cool tone each for kernel, JIT and runtime. */
import { functionStart } from "./clip";
import { Frames, Kind, Pair } from "./layout";

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
	firstOfPair: number; // in fills: from what became much less to what became much more
}

const HUES = 13;
const FIRST_HUE = 8;
const HUE_SPAN = 40; // degrees: red to yellow
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

/* The index into Palette.fills of a function, by what its code is part of. */
export function colourOf(family: Kind, module: string, name: string): number {
	const shade = stableHash(name) % SHADES;

	if (family !== Kind.User) return WARM + family * SHADES + shade;
	/* Where no module is known the package stands in for it, or the function itself. */
	const owner = module || name.slice(0, functionStart(name.slice(0, 256))) || name;

	return (stableHash(owner) % HUES) * SHADES + shade;
}

export function colourFrames(frames: Frames): Uint8Array {
	const colours = new Uint8Array(frames.count);

	for (let i = 0; i < frames.count; i++)
		colours[i] = colourOf(
			frames.family[i],
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

/* Every warm hue between red and yellow; a saturation of 0 asks for that of user code. */
function warm(index: number): Tone {
	return { hue: FIRST_HUE + (index * HUE_SPAN) / (HUES - 1), saturation: 0 };
}

function shades(tone: Tone, dark: boolean, dimmed: boolean): string[] {
	/* Yellow is lighter to the eye than red at the same lightness. */
	const isWarm = tone.saturation === 0;
	const yellow = isWarm ? (tone.hue - FIRST_HUE) / HUE_SPAN : 0;
	const saturation = isWarm ? (dark ? 62 : 88) : tone.saturation;
	const middle = dark ? (isWarm ? 60 - 8 * yellow : 63) : isWarm ? 74 - 6 * yellow : 78;

	return [-1, 0, 1].map((step) => {
		const light = middle + step * (dark ? 2.6 : 2.4);

		if (!dimmed) return hsl({ hue: tone.hue, saturation }, light);
		return dark
			? hsl({ hue: tone.hue, saturation: saturation * 0.3 }, light * 0.42)
			: hsl({ hue: tone.hue, saturation: saturation * 0.4 }, light + (100 - light) * 0.55);
	});
}

/* Blue for less, orange for more, grey between: told apart by every kind of eye. */
const LESS = 212;
const MORE = 26;
export const PAIR_STEPS = 4; // on each side of grey

function pairFills(dark: boolean, dimmed: boolean): string[] {
	const fills = [];

	for (let step = -PAIR_STEPS; step <= PAIR_STEPS; step++) {
		const far = Math.abs(step) / PAIR_STEPS;
		const hue = step < 0 ? LESS : MORE;
		const light = dark ? 54 + 8 * far : 89 - 30 * far;

		fills.push(
			hsl(
				{ hue, saturation: (dimmed ? 0.3 : 1) * (step ? 20 + 65 * far : 5) },
				dimmed ? (dark ? light * 0.5 : light + (100 - light) * 0.55) : step ? light : dark ? 55 : 88,
			),
		);
	}
	return fills;
}

/* The fill of each node of a comparison, from Palette.firstOfPair on: grey unless the change of its
 * share is more than chance explains, with so many samples on each side (0 = not known). */
export function colourPair(pair: Pair, before: number, after: number): Uint8Array {
	const steps = new Uint8Array(pair.before.length);
	const wholes = [pair.before[0] || 1, pair.after[0] || 1];

	for (let i = 0; i < steps.length; i++) {
		const was = pair.before[i] / wholes[0];
		const is = pair.after[i] / wholes[1];

		steps[i] = PAIR_STEPS + pairStep(was, is, before, after);
	}
	return steps;
}

const SURE = 3; // standard errors: there are many frames, and programs vary by more than sampling

function pairStep(was: number, is: number, before: number, after: number): number {
	const mean = (was + is) / 2;

	if (was === is) return 0;
	if (!(before > 0 && after > 0)) return 0;
	if (Math.abs(is - was) < SURE * Math.sqrt(mean * (1 - mean) * (1 / before + 1 / after))) return 0;
	const ratio = is > was ? is / was : was / is;
	const step = ratio > 2 ? 4 : ratio > 1.5 ? 3 : ratio > 1.2 ? 2 : 1;

	return is > was ? step : -step;
}

export function palette(dark: boolean): Palette {
	const all = (dimmed: boolean) => {
		const fills: string[] = [];

		for (let i = 0; i < HUES; i++) fills.push(...shades(warm(i), dark, dimmed));
		for (let kind = 0; kind <= Kind.Elided; kind++)
			fills.push(...shades(TONES[kind] ?? TONES[Kind.Group], dark, dimmed));
		return fills;
	};
	const fills = all(false);

	return {
		fills: [...fills, ...pairFills(dark, false)],
		dimmed: [...all(true), ...pairFills(dark, true)],
		firstOfPair: fills.length,
		text: dark ? "#1c1004" : "#241404",
		dimmedText: dark ? "#b4b0aa" : "#6b655e",
		lit: dark ? "#a78bfa" : "#6d3fe0",
		litText: dark ? "#140a2e" : "#ffffff",
		selected: dark ? "#ffffff" : "#1a1a1a",
		selectedFill: dark ? "#f0b429" : "#ffcf33",
		hatch: "rgba(0,0,0,.24)",
		background: dark ? "#16181d" : "#ffffff",
	};
}
