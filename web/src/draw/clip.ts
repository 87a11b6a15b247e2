/* clip: a name in few characters, cut in the middle so that package and function stay readable. */

const OPENING = "<([{";
const CLOSING = ">)]}";

/* Where the function's own name begins: after the last "::", "." or "/" outside brackets. */
export function functionStart(name: string): number {
	let nested = 0;

	for (let i = name.length - 1; i > 0; i--) {
		const c = name[i];

		if (CLOSING.includes(c)) nested++;
		else if (OPENING.includes(c)) nested = Math.max(0, nested - 1);
		else if (nested === 0 && i < name.length - 1) {
			if (c === "." || c === "/") return i + 1;
			if (c === ":" && name[i - 1] === ":") return i + 1;
		}
	}
	return 0;
}

const NARROW = 8; // where so little fits, a beginning says more than two ends

/* Names longer than this are cut before anything looks at each character. */
const LOOK_MAX = 1024;

/* At most `room` characters; "" when fewer than 3 would fit. */
export function clip(name: string, room: number): string {
	if (name.length <= room) return name;
	if (room < 3) return "";
	if (name.length > LOOK_MAX)
		name = name.slice(0, LOOK_MAX / 2) + "…" + name.slice(-LOOK_MAX / 2 + 1);
	const tail = name.slice(functionStart(name));
	/* The function whole and at least two characters of what it belongs to, … */
	const head = room - 1 - tail.length;

	if (head >= 2) return name.slice(0, head) + "…" + tail;
	/* … or the function whole, or its beginning and end. */
	if (tail.length <= room) return tail;
	const end = room < NARROW ? 0 : Math.floor((room - 1) / 3);

	return tail.slice(0, room - 1 - end) + "…" + (end ? tail.slice(-end) : "");
}

/* The name without the mark of its kind ("_[k]"): in a picture the colour says that. */
export function unmarked(name: string): string {
	return /_\[[ikjw]\]$/.test(name) ? name.slice(0, -4) : name;
}

/* eslint-disable-next-line no-control-regex */
const UNSHOWABLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/* What a person may see: controls and marks that turn the writing direction become visible. */
export function shown(name: string): string {
	return name.replace(
		UNSHOWABLE,
		(c) => "‹" + c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0") + "›",
	);
}

/* The same for prose: a name that is longer than anyone reads says how long it is. */
export function shownBriefly(name: string, max = 400): string {
	if (name.length <= max) return shown(name);
	return shown(clip(name, max)) + ` (${name.length.toLocaleString("en")} characters)`;
}
