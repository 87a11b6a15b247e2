/* keys: everything a mouse does, a key does. */
import { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import { Kind, depthOf, idOf, kindOf, nameOf, nodeOf, parentOf } from "../draw/layout";
import { Session } from "../model/session";
import { goToMatch } from "./toolbar";

export const HELP: [string, string][] = [
	["← → ↑ ↓", "walk the frames"],
	["Enter", "zoom to the frame"],
	["Esc", "go back out"],
	["+ −", "zoom in and out in the middle"],
	["/", "search"],
	["n  N", "next and previous match"],
	["t", "table of functions"],
	["s", "callers and callees of the frame"],
	["f", "focus: only this function"],
	["w", "both sides: who calls it above, what it calls below"],
	["b", "who calls it: its callers as a picture"],
	["h", "hide this function"],
	["c", "collapse recursion"],
	["i", "root on top or at the bottom"],
	["y", "copy the frame's name"],
	["u", "undo"],
	["r", "reset"],
	["Ctrl wheel", "zoom at the pointer"],
	["drag, Shift wheel", "move sideways"],
	["Alt click", "select without zooming"],
];

function current(session: Session): number {
	const layout = session.layout.value!;
	const node = session.current.value < 0 ? -1 : nodeOf(layout, session.current.value);

	return node < 0 ? session.focus.value : node;
}

function widestChild(session: Session, node: number): number {
	const layout = session.layout.value!;
	let best = node;
	let width = -1;

	for (let c = layout.firstChild[node]; c < layout.firstChild[node + 1]; c++)
		if (layout.total[c] > width) {
			best = c;
			width = layout.total[c];
		}
	return best;
}

/* The neighbour in the same row that can be seen, or the node itself. */
function beside(session: Session, node: number, step: number): number {
	const layout = session.layout.value!;
	const depth = depthOf(layout, node);
	const [x0, x1] = session.visible.value;
	const next = node + step;

	if (next < layout.level[depth] || next >= layout.level[depth + 1]) return node;
	return layout.start[next] < x1 && layout.start[next] + layout.total[next] > x0 ? next : node;
}

function walk(session: Session, key: string) {
	const layout = session.layout.value!;
	const node = current(session);
	const towardsLeaf = session.view.value.icicle ? "ArrowDown" : "ArrowUp";
	let next;

	if (session.current.value < 0) next = node;
	else if (key === "ArrowLeft") next = beside(session, node, -1);
	else if (key === "ArrowRight") next = beside(session, node, 1);
	else if (key === towardsLeaf) next = widestChild(session, node);
	else next = Math.max(0, parentOf(layout, node));
	session.current.value = idOf(layout, next);
}

/* The function that a key acts on: the frame the keyboard is on, else the selected one. */
function target(session: Session): string | null {
	const layout = session.layout.value!;

	if (session.current.value < 0) return session.view.value.selected;
	const node = current(session);

	return kindOf(layout, node) === Kind.Group ? session.view.value.selected : nameOf(layout, node);
}

function zoomInMiddle(session: Session, factor: number) {
	const [x0, x1] = session.visible.value;
	const all = session.all.value;
	const span = Math.min(all, Math.max((x1 - x0) * factor, 1));
	const from = Math.min(Math.max(0, (x0 + x1 - span) / 2), all - span);

	session.set({ range: [from, from + span] });
}

type Act = (session: Session) => void;

const withTarget =
	(act: (session: Session, name: string) => void): Act =>
	(session) => {
		const name = target(session);

		if (name !== null) act(session, name);
	};

const ACTS: Record<string, Act> = {
	Enter: (session) => {
		const layout = session.layout.value!;
		const node = current(session);

		if (kindOf(layout, node) !== Kind.Group) session.select(nameOf(layout, node));
		session.zoomTo(node);
	},
	Escape: (session) => session.zoomOut(),
	"+": (session) => zoomInMiddle(session, 0.5),
	"=": (session) => zoomInMiddle(session, 0.5),
	"-": (session) => zoomInMiddle(session, 2),
	n: (session) => goToMatch(session, 1),
	N: (session) => goToMatch(session, -1),
	t: (session) => session.set({ side: session.view.value.side === "top" ? "none" : "top" }, false),
	s: (session) => {
		const name = target(session);

		if (name !== null) session.select(name);
		session.set({ side: "function" }, false);
	},
	f: withTarget((session, name) => session.transform({ kind: "focus", name })),
	w: withTarget((session, name) => {
		session.select(name);
		session.set({ sides: !session.view.value.sides });
	}),
	b: withTarget((session, name) => session.transform({ kind: "callers", name })),
	h: withTarget((session, name) => session.transform({ kind: "hide", name })),
	c: (session) => session.transform({ kind: "collapse" }),
	i: (session) => session.set({ icicle: !session.view.value.icicle }),
	y: withTarget((_, name) => void navigator.clipboard?.writeText(name)),
	u: (session) => session.undo(),
	r: (session) => session.reset(),
};

function typing(event: KeyboardEvent): boolean {
	const target = event.target as HTMLElement;

	return /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
}

export function useKeys(
	session: Session,
	input: RefObject<HTMLInputElement | null>,
	help: () => void,
) {
	useEffect(() => {
		const onKey = (event: KeyboardEvent) => {
			if (event.ctrlKey || event.metaKey || event.altKey) return;
			if (document.querySelector("dialog[open]")) return;
			/* An open menu is about to take what is typed. */
			if ((event.target as HTMLElement).closest?.("details.menu[open]")) return;
			if (typing(event)) {
				if (event.key === "Escape") (event.target as HTMLElement).blur();
				if (event.key === "Enter" && event.target === input.current)
					goToMatch(session, event.shiftKey ? -1 : 1);
				return;
			}
			/* A focused button or link keeps its own Enter; a scrolled table its own arrows. */
			const focused = (event.target as HTMLElement).closest?.("button, a, summary, .rows");

			if (focused && /^(Enter|Arrow.*| )$/.test(event.key)) return;
			if (event.key === "/") input.current?.select();
			else if (event.key === "?") help();
			else if (!session.layout.value?.count) return;
			else if (event.key.startsWith("Arrow")) walk(session, event.key);
			else if (Object.keys(ACTS).includes(event.key)) ACTS[event.key](session);
			else return;
			event.preventDefault();
		};

		addEventListener("keydown", onKey);
		return () => removeEventListener("keydown", onKey);
	}, []);
}
