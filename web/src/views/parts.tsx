/* parts: small pieces that several views are made of. */
import { ComponentChildren } from "preact";
import { shownBriefly } from "../draw/clip";

/* A name is always text: shown with its controls spelled out, never as markup. */
export function Name({ name, max = 400 }: { name: string; max?: number }) {
	return (
		<bdi class="name" dir="ltr" translate={false}>
			{shownBriefly(name, max)}
		</bdi>
	);
}

export function Toggle(props: {
	on: boolean;
	label: string;
	keys?: string;
	onClick: () => void;
	children: ComponentChildren;
	disabled?: boolean;
}) {
	const title = props.keys ? `${props.label} (${props.keys})` : props.label;

	return (
		<button
			type="button"
			class="tool"
			aria-pressed={props.on}
			aria-label={props.label}
			title={title}
			disabled={props.disabled}
			onClick={props.onClick}
		>
			{props.children}
		</button>
	);
}

export function Tool(props: {
	label: string;
	keys?: string;
	onClick: () => void;
	children: ComponentChildren;
	disabled?: boolean;
}) {
	const title = props.keys ? `${props.label} (${props.keys})` : props.label;

	return (
		<button
			type="button"
			class="tool"
			aria-label={props.label}
			title={title}
			disabled={props.disabled}
			onClick={props.onClick}
		>
			{props.children}
		</button>
	);
}

/* 16 by 16 outlines, drawn with the colour of the text. */
const PATHS: Record<string, string> = {
	search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10M10.8 10.8 14 14",
	undo: "M3 6h6.5a3.5 3.5 0 0 1 0 7H6M3 6l3-3M3 6l3 3",
	reset: "M2 5V2h3M14 5V2h-3M2 11v3h3M14 11v3h-3M5.5 8h5",
	flip: "M4 2v12M4 14l-2-2.5M4 14l2-2.5M11 14V2M11 2 9 4.500M11 2l2 2.5",
	table: "M2 3h12v10H2zM2 6.5h12M7 6.5V13",
	previous: "M10 3 5 8l5 5",
	next: "M6 3l5 5-5 5",
	close: "M4 4l8 8M12 4l-8 8",
	down: "M4 6l4 4 4-4",
	again: "M13 8a5 5 0 1 1-1.500-3.500M13 2v3h-3",
	swap: "M3 5h9M9 2l3 3-3 3M13 11H4M7 8l-3 3 3 3",
	save: "M8 2v8M8 10 5 7M8 10l3-3M2.500 13.500h11",
};

export function Icon({ name }: { name: keyof typeof PATHS }) {
	return (
		<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
			<path d={PATHS[name]} />
		</svg>
	);
}

export function Mark() {
	return (
		<svg class="mark" viewBox="0 0 22 20" width="22" height="20" aria-hidden="true">
			<rect class="m1" x="0" y="15" width="22" height="5" rx="1" />
			<rect class="m2" x="0" y="9" width="15" height="5" rx="1" />
			<rect class="m3" x="3" y="3" width="8" height="5" rx="1" />
			<rect class="m4" x="16" y="9" width="6" height="5" rx="1" />
		</svg>
	);
}
