/* where: which service, which kind, which time, which trace: the first row of a service's page. */
import { useState } from "preact/hooks";
import { kindOf, kindsOf } from "../model/kinds";
import { Dashboard } from "../model/dashboard";
import { RANGES, fromInput, inputText, lengthText, spanText } from "../model/times";
import { shortTime } from "../model/selection";
import { Choices } from "./choices";
import { Menu } from "./menu";
import { Icon, Mark, Name } from "./parts";
import { TakeAlong } from "./takealong";

export function Where({ board, onHelp }: { board: Dashboard; onHelp: () => void }) {
	return (
		<header>
			<a
				class="brand"
				href="/"
				title="All services"
				onClick={(event) => {
					if (event.ctrlKey || event.metaKey || event.shiftKey) return;
					event.preventDefault();
					board.go({ page: "home", at: null, versus: null });
				}}
			>
				<Mark />
				<b>flyover</b>
			</a>
			<ServiceMenu board={board} />
			<Kinds board={board} />
			<div class="space" />
			<TimeMenu board={board} />
			<TraceBox board={board} />
			<TakeAlong board={board} />
			{board.server.signedIn && (
				<button type="button" class="tool" onClick={() => board.server.signOut()}>
					Sign out
				</button>
			)}
			<button type="button" class="tool" aria-label="Keys" title="Keys (?)" onClick={onHelp}>
				?
			</button>
		</header>
	);
}

function ServiceMenu({ board }: { board: Dashboard }) {
	const { service } = board.selection.value;

	return (
		<Menu
			class="service"
			title="Choose a service"
			label={
				<>
					{service ? <Name name={service} max={40} /> : "all services"} <Icon name="down" />
				</>
			}
		>
			{(close) => (
				<>
					<Choices
						what="services"
						choices={board.services.value.map(({ name, total }) => ({ value: name, total }))}
						chosen={(value) => value === service}
						onChoose={(value) => {
							close();
							board.select({ service: value });
						}}
					/>
					<button
						type="button"
						class="choice"
						onClick={() => {
							close();
							board.select({ service: "" });
						}}
					>
						All services
					</button>
				</>
			)}
		</Menu>
	);
}

const SEGMENTS_MAX = 5; // more kinds than this go into a list

function Kinds({ board }: { board: Dashboard }) {
	const chosen = kindOf(board.selection.value.type);
	const kinds = kindsOf([...new Set([...board.types.value, chosen.type])]);
	const first = kinds.slice(0, SEGMENTS_MAX);
	const rest = kinds.slice(SEGMENTS_MAX);
	const choose = (short: string) => board.select({ type: short });

	return (
		<>
			<div class="segments" role="radiogroup" aria-label="What was sampled">
				{first.map((kind) => (
					<button
						key={kind.type}
						type="button"
						role="radio"
						title={kind.hint}
						aria-checked={kind.type === chosen.type}
						onClick={() => choose(kind.short)}
					>
						<Name name={kind.label} max={24} />
					</button>
				))}
			</div>
			{rest.length > 0 && (
				<label class="select">
					<select
						aria-label="Further kinds"
						value={chosen.short}
						onChange={(event) => event.currentTarget.value && choose(event.currentTarget.value)}
					>
						<option value="">more …</option>
						{rest.map((kind) => (
							<option key={kind.type} value={kind.short}>
								{kind.label}
							</option>
						))}
					</select>
				</label>
			)}
		</>
	);
}

function TimeMenu({ board }: { board: Dashboard }) {
	const { selection, utc } = board.place.value;
	const range = board.range.value;
	const quick = selection.until === "now" && RANGES.find((r) => r.from === selection.from);
	const choose = (from: string, until: string) => board.select({ from, until }, { at: null });

	return (
		<div class="time">
			<Menu
				right
				title="Choose the time"
				label={
					<>
						{quick ? `last ${quick.label}` : spanText(...range, board.now.value, utc)}{" "}
						<Icon name="down" />
					</>
				}
			>
				{(close) => (
					<div class="times">
						<ul>
							{RANGES.map((r) => (
								<li key={r.from}>
									<button
										type="button"
										class="choice"
										aria-pressed={r === quick}
										onClick={() => {
											close();
											board.refresh();
											choose(r.from, "now");
										}}
									>
										last {r.label}
									</button>
								</li>
							))}
						</ul>
						<Exactly
							key={`${range} ${utc}`}
							board={board}
							onDone={(from, until) => {
								close();
								choose(shortTime(from), shortTime(until));
							}}
						/>
					</div>
				)}
			</Menu>
			<button
				type="button"
				class="tool"
				aria-label="Up to now"
				title={`Seen at ${spanText(board.now.value, board.now.value, board.now.value, utc).split(" ")[0]}: look again (.)`}
				onClick={() => board.refresh()}
			>
				<Icon name="again" />
			</button>
		</div>
	);
}

function Exactly(props: { board: Dashboard; onDone: (from: number, until: number) => void }) {
	const { board } = props;
	const { utc } = board.place.value;
	const [from, setFrom] = useState(inputText(board.range.value[0], utc));
	const [until, setUntil] = useState(inputText(board.range.value[1], utc));
	const span = [fromInput(from, utc), fromInput(until, utc)];
	const wrong = !(span[0] < span[1]);

	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				if (!wrong) props.onDone(span[0], span[1]);
			}}
		>
			<label>
				from
				<input
					type="datetime-local"
					step="1"
					value={from}
					onInput={(event) => setFrom(event.currentTarget.value)}
				/>
			</label>
			<label>
				to
				<input
					type="datetime-local"
					step="1"
					value={until}
					onInput={(event) => setUntil(event.currentTarget.value)}
				/>
			</label>
			<p class="quiet">{wrong ? "This range ends before it begins." : lengthText(span[1] - span[0])}</p>
			<button type="submit" disabled={wrong}>
				Show this range
			</button>
			<fieldset>
				<legend>Times are</legend>
				<label>
					<input type="radio" name="zone" checked={!utc} onChange={() => board.go({ utc: false })} />
					those of this place ({zoneName()})
				</label>
				<label>
					<input type="radio" name="zone" checked={utc} onChange={() => board.go({ utc: true })} />
					UTC
				</label>
			</fieldset>
		</form>
	);
}

function zoneName(): string {
	return Intl.DateTimeFormat().resolvedOptions().timeZone || "local";
}

/* A trace id, pasted, is a question of its own: which service and when need not be known. */
export function TraceBox({ board }: { board: Dashboard }) {
	const [text, setText] = useState("");
	const looksWrong = text.length > 0 && !/^[0-9a-fA-F-]{0,55}$/.test(text);

	return (
		<input
			class={looksWrong ? "trace wrong" : "trace"}
			type="text"
			placeholder="Paste a trace id"
			aria-label="Trace id"
			aria-invalid={looksWrong}
			title="32 hex digits, or a whole traceparent header"
			spellcheck={false}
			autocomplete="off"
			value={text}
			onInput={(event) => {
				const id = traceIn(event.currentTarget.value);

				setText(id ? "" : event.currentTarget.value.trim());
				if (id) goToTrace(board, id);
			}}
		/>
	);
}

/* "00-TRACE-SPAN-01" holds one too. */
function traceIn(text: string): string | null {
	const found = /^(?:00-)?([0-9a-f]{32})(?:-[0-9a-f]{16}-[0-9a-f]{2})?$/.exec(text.trim().toLowerCase());

	return found && found[1];
}

export function goToTrace(board: Dashboard, trace: string) {
	const { from, until } = board.selection.value;
	const wide = board.range.value[1] - board.range.value[0] >= 86400;

	board.select(
		{
			service: "",
			filters: [],
			spans: [],
			traces: [trace],
			...(wide ? { from, until } : { from: "now-24h", until: "now" }),
		},
		{ at: null, versus: null, tab: "flame", group: "" },
	);
}
