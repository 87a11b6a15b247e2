/* board: the pages of a server: the list of its services, and one service or trace. */
import { useEffect, useRef } from "preact/hooks";
import { Dashboard } from "../model/dashboard";
import { plural } from "../model/format";
import { isLevel } from "../model/kinds";
import { Body, Keys } from "./app";
import { ChangeTable, CompareBar, VerdictLine } from "./compare";
import { Filters } from "./filters";
import { Hosts } from "./hosts";
import { OverTime } from "./overtime";
import { Graph } from "./graph";
import { Home } from "./home";
import { HELP, useKeys } from "./keys";
import { Nothing } from "./nothing";
import { SignIn } from "./signin";
import { TimelineView } from "./timeline";
import { Toolbar } from "./toolbar";
import { TopTable } from "./toptable";
import { FunctionPanel } from "./function";
import { SpanTable } from "./spans";
import { TraceList } from "./traces";
import { Banners, TruthLine } from "./truth";
import { Where } from "./where";
import { Tab } from "../model/place";
import { NO_VERSUS, otherSpan } from "../model/versus";

const KEYS: [string, string][] = [
	["1 … 4", "flame graph, table, traces, compare"],
	[".", "up to now"],
	["[  ]", "the range before and after"],
	["p", "paste a trace id"],
	["d", "compare with the time just before"],
	["x", "swap the sides of a comparison"],
	...HELP,
];

export function Board({ board }: { board: Dashboard }) {
	const { page, embed, selection } = board.place.value;

	useEffect(() => {
		const what = selection.service || (selection.traces[0] ? `trace ${selection.traces[0].slice(0, 8)}` : "");

		document.title = page === "home" || !what ? "Flyover" : `${what} · Flyover`;
	});
	if (board.server.locked.value) return <SignIn board={board} />;
	if (page === "home") return <Home board={board} />;
	return embed ? <Embedded board={board} /> : <Explore board={board} />;
}

const TABS: [Tab, string][] = [
	["flame", "Flame graph"],
	["table", "Table"],
	["traces", "Traces"],
	["compare", "Compare"],
];

function Explore({ board }: { board: Dashboard }) {
	const { session } = board;
	const input = useRef<HTMLInputElement>(null);
	const dialog = useRef<HTMLDialogElement>(null);
	const help = () => dialog.current?.showModal();

	useKeys(session, input, help);
	useBoardKeys(board);
	return (
		<>
			<Where board={board} onHelp={help} />
			<Filters board={board} />
			<Banners status={board.status} />
			{board.selection.value.traces.length > 0 ? <SpanTable board={board} /> : <Timeline board={board} />}
			<TruthLine session={session} more={<Hosts board={board} />} instead={warningOf(board)} />
			<Tabs board={board} />
			<Content board={board} input={input} />
			<Keys dialog={dialog} keys={KEYS} />
		</>
	);
}

/* What to beware of, where the page knows better than the profile. */
function warningOf(board: Dashboard): string | null {
	const meta = board.session.meta.value;
	const n = meta?.samples ?? 0;
	const { type, traces } = board.selection.value;
	const { profiles, series } = board.evidence.value ?? { profiles: 0, series: 0 };

	if (meta?.pair) return null;
	if (isLevel(type) && profiles > series)
		return `What there was on average: the mean of ${plural(Math.round(profiles / series), "snapshot")} of each process, all processes together.`;
	if (!traces.length || n === 0 || n >= 100) return null;
	/* Nobody can sample a request again. */
	return `A request of ${plural(n, "sample")} says where its time may have gone. All requests of its service in the same hour say more: one click above.`;
}

function Timeline({ board }: { board: Dashboard }) {
	const timeline = board.timeline.value;
	const { at, utc, group, heat, selection, tab, versus } = board.place.value;

	if (!timeline) return <div class="timeline" />;
	return (
		<TimelineView
			timeline={timeline}
			range={board.range.value}
			at={at}
			ghost={tab === "compare" && versus && (versus.at || versus.ago) ? otherSpan(versus, board.span.value) : null}
			marks={board.marks.value}
			heat={heat ? board.heat.value : null}
			utc={utc}
			now={board.now.value}
			onPick={(picked) => {
				if (!board.picking.value || !picked) board.go({ at: picked });
				else board.go({ versus: { ...NO_VERSUS, at: picked } });
				board.picking.value = false;
			}}
			onSplit={
				group
					? (value) =>
							group === "service_name"
								? board.select({ service: value }, { group: "" })
								: board.select({
										filters: [
											...selection.filters.filter((f) => f.name !== group),
											{ name: group, value, not: false },
										],
									})
					: undefined
			}
		/>
	);
}

function Tabs({ board }: { board: Dashboard }) {
	const { tab } = board.place.value;

	return (
		<div class="pages" role="tablist" aria-label="Views">
			{TABS.map(([name, text]) => (
				<button
					key={name}
					type="button"
					role="tab"
					id={`page-${name}`}
					aria-selected={tab === name}
					aria-controls="content"
					onClick={() => board.go({ tab: name })}
				>
					{text}
				</button>
			))}
		</div>
	);
}

function Content(props: { board: Dashboard; input: preact.RefObject<HTMLInputElement | null> }) {
	const { board } = props;
	const { session } = board;
	const { tab } = board.place.value;
	const empty = session.layout.value?.total[0] === 0 && session.status.waiting.value === "";
	const over = (name: string) => <OverTime board={board} name={name} />;
	let content = null;

	if (tab === "compare") content = <Comparing {...props} />;
	else if (tab === "traces") content = <TraceList board={board} />;
	else if (empty) content = <Nothing board={board} />;
	else if (session.meta.value && tab === "table")
		content = (
			<div class="body wide-table">
				<section class="panel-box">
					<TopTable session={session} />
				</section>
				<aside aria-label="The function">
					<div class="panel">
						<FunctionPanel session={session} extra={over} />
					</div>
				</aside>
			</div>
		);
	else if (session.meta.value)
		content = (
			<>
				<Toolbar session={session} input={props.input} />
				<Body session={session} extra={over} />
			</>
		);
	return (
		<div class="content" id="content" role="tabpanel" aria-labelledby={`page-${tab}`}>
			{content}
		</div>
	);
}

function Comparing(props: { board: Dashboard; input: preact.RefObject<HTMLInputElement | null> }) {
	const { board } = props;
	const { session } = board;
	const isPair = session.meta.value?.pair && session.layout.value?.pair;

	return (
		<>
			<CompareBar board={board} />
			{!board.place.value.versus && (
				<section class="nothing">
					<h2>Compare what is selected with …</h2>
					<p>another time, another version or region, or another trace. Choose above.</p>
				</section>
			)}
			{isPair && board.place.value.versus && (
				<>
					<VerdictLine board={board} />
					<Toolbar session={session} input={props.input} />
					<div class={`body side-${session.view.value.side}`}>
						<Graph session={session} />
						{session.view.value.side !== "none" && (
							<aside aria-label="Functions that changed">
								<ChangeTable board={board} />
							</aside>
						)}
					</div>
				</>
			)}
		</>
	);
}

/* Inside another page: the picture, its truth, and a way out of the frame. */
function Embedded({ board }: { board: Dashboard }) {
	const { session } = board;
	const input = useRef<HTMLInputElement>(null);

	useKeys(session, input, () => undefined);
	return (
		<>
			<Banners status={board.status} />
			<TruthLine session={session} />
			{session.layout.value?.total[0] === 0 ? (
				<Nothing board={board} />
			) : (
				session.meta.value && (
					<>
						<Toolbar session={session} input={input} />
						<Body session={session} />
					</>
				)
			)}
			<p class="note">
				<a href={board.address({}, { embed: false }) + location.hash} target="_blank" rel="noopener">
					Open in Flyover
				</a>
			</p>
		</>
	);
}

function useBoardKeys(board: Dashboard) {
	useEffect(() => {
		const onKey = (event: KeyboardEvent) => {
			const target = event.target as HTMLElement;

			if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
			if (/^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName)) return;
			if (target.closest?.("details.menu[open]")) return;
			if (/^[1-4]$/.test(event.key)) board.go({ tab: TABS[Number(event.key) - 1][0] });
			else if (event.key === ".") board.refresh();
			else if (event.key === "[" || event.key === "]") board.move(event.key === "[" ? -1 : 1);
			else if (event.key === "x") board.swap();
			else if (event.key === "d")
				board.go({ tab: "compare", versus: board.place.value.versus ?? { ...NO_VERSUS, ago: "before" } });
			else if (event.key === "p") document.querySelector<HTMLInputElement>("input.trace")?.focus();
			else return;
			event.preventDefault();
		};

		addEventListener("keydown", onKey);
		return () => removeEventListener("keydown", onKey);
	}, []);
}
