/* swatch: the colour that a function has in the picture. */
import { signal } from "@preact/signals";
import { Palette, colourOf, palette } from "../draw/colour";
import { Kind } from "../draw/layout";

const prefersDark = matchMedia("(prefers-color-scheme: dark)");

/* Follows the system from light to dark and back. */
export const colours = signal<Palette>(palette(prefersDark.matches));

prefersDark.addEventListener("change", () => (colours.value = palette(prefersDark.matches)));

export function Swatch(props: { family: Kind; module: string; name: string }) {
	const fill = colours.value.fills[colourOf(props.family, props.module, props.name)];

	return <span class="swatch" style={{ background: fill }} aria-hidden="true" />;
}
