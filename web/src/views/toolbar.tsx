/* toolbar: search with its numbers, what was done to the picture, and the way back. */
import { RefObject } from "preact";
import { percent, plural } from "../model/format";
import { shownBriefly } from "../draw/clip";
import { Session } from "../model/session";
import { describe } from "../model/transform";
import { Icon, Toggle, Tool } from "./parts";

export function Toolbar(props: { session: Session; input: RefObject<HTMLInputElement | null> }) {
	const { session } = props;
	const view = session.view.value;
	const nextSide = view.side === "none" ? "top" : "none";

	return (
		<div class="toolbar" role="toolbar" aria-label="Search and view">
			<SearchBox {...props} />
			<SearchNumbers session={session} />
			<div class="chips">
				{view.sides && view.selected !== null && (
					<button
						type="button"
						class="chip"
						title="Back to the whole picture"
						onClick={() => session.set({ sides: false })}
					>
						both sides of {shownBriefly(view.selected, 40)} <Icon name="close" />
					</button>
				)}
				{view.transforms.map((t, i) => (
					<button
						type="button"
						class="chip"
						title="Take this back"
						onClick={() =>
							session.set({
								transforms: view.transforms.filter((_, j) => j !== i),
								zoom: 0,
								range: null,
							})
						}
					>
						{shownBriefly(describe(t), 40)} <Icon name="close" />
					</button>
				))}
			</div>
			<div class="tools">
				<Tool
					label="Undo"
					keys="u"
					disabled={!session.canUndo.value}
					onClick={() => session.undo()}
				>
					<Icon name="undo" />
				</Tool>
				<Tool label="Reset" keys="r" onClick={() => session.reset()}>
					<Icon name="reset" />
				</Tool>
				<Toggle
					on={view.icicle}
					label="Icicle: root on top"
					keys="i"
					onClick={() => session.set({ icicle: !view.icicle })}
				>
					<Icon name="flip" />
				</Toggle>
				<Toggle
					on={view.side !== "none"}
					label="Table beside the picture"
					keys="t"
					onClick={() => session.set({ side: nextSide }, false)}
				>
					<Icon name="table" />
				</Toggle>
			</div>
		</div>
	);
}

function SearchBox({ session, input }: { session: Session; input: RefObject<HTMLInputElement | null> }) {
	const view = session.view.value;

	return (
		<div class={session.searchError.value ? "search wrong" : "search"}>
			<Icon name="search" />
			<input
				ref={input}
				type="text"
				role="searchbox"
				placeholder="Search functions"
				aria-label="Search functions"
				aria-invalid={session.searchError.value !== ""}
				title="Search ( / )"
				spellcheck={false}
				autocomplete="off"
				value={view.search}
				onInput={(event) =>
					session.set({ search: event.currentTarget.value }, view.search === "")
				}
			/>
			<Toggle
				on={view.regex}
				label="Regular expression"
				onClick={() => session.set({ regex: !view.regex })}
			>
				.*
			</Toggle>
			<Toggle
				on={view.matchCase}
				label="Match case"
				onClick={() => session.set({ matchCase: !view.matchCase })}
			>
				Aa
			</Toggle>
		</div>
	);
}

function SearchNumbers({ session }: { session: Session }) {
	const matches = session.matches.value;
	const matched = session.matched.value;

	if (session.searchError.value)
		return <output class="numbers wrong">{session.searchError.value}</output>;
	if (!matches || !matched) return <output class="numbers" data-query="" />;
	const least = session.layout.value?.id || session.meta.value?.partial ? "at least " : "";

	return (
		<output class="numbers" data-query={session.settled.value}>
			<Tool
				label="Previous match"
				keys="N"
				disabled={matches.order.length === 0}
				onClick={() => goToMatch(session, -1)}
			>
				<Icon name="previous" />
			</Tool>
			<Tool
				label="Next match"
				keys="n"
				disabled={matches.order.length === 0}
				onClick={() => goToMatch(session, 1)}
			>
				<Icon name="next" />
			</Tool>
			<span>
				{least}
				<b>{plural(matches.nodes.length, "match", "matches")}</b>
				<i> · </i>
				<b>{percent(matched.ofVisible)}</b> of visible
				<i> · </i>
				<b>{percent(matched.ofAll)}</b> of all
			</span>
		</output>
	);
}

/* The keyboard's place moves to the next match on its right, around the end. */
export function goToMatch(session: Session, step: 1 | -1) {
	const order = session.matches.value?.order;
	const layout = session.layout.value;

	if (!order?.length || !layout) return;
	const at = order.findIndex((node) => (layout.id ? layout.id[node] : node) === session.current.value);
	const next = at < 0 ? (step > 0 ? 0 : order.length - 1) : (at + step + order.length) % order.length;
	const node = order[next];
	const [x0, x1] = session.visible.value;

	session.current.value = layout.id ? layout.id[node] : node;
	if (layout.start[node] < x0 || layout.start[node] >= x1) session.zoomTo(0);
}
