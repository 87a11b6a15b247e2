/* function: the selected function: how much it costs, who calls it, what it calls. */
import { ComponentChildren } from "preact";
import { PeekRow } from "../api/source";
import { shownBriefly } from "../draw/clip";
import { Kind } from "../draw/layout";
import { amount, percent, shareText } from "../model/format";
import { Session } from "../model/session";
import { LinesOf } from "./lines";
import { Name } from "./parts";
import { Swatch } from "./swatch";

export const KIND_WORDS: Record<Kind, string> = {
	[Kind.User]: "",
	[Kind.Kernel]: "kernel",
	[Kind.Jit]: "compiled at run time",
	[Kind.Inlined]: "inlined",
	[Kind.Runtime]: "runtime",
	[Kind.Group]: "group",
	[Kind.Truncated]: "the rest of this stack is not known",
	[Kind.Elided]: "too narrow to draw",
};

/* What else there is to say about a function, where somebody knows it. */
export type Extra = (name: string) => ComponentChildren;

export function FunctionPanel({ session, extra }: { session: Session; extra?: Extra }) {
	const name = session.view.value.selected;
	const peek = session.peek.value;

	if (name === null)
		return <p class="note">Select a frame or a row to see who calls it and what it calls.</p>;
	const row = session.top.value?.rows.find((r) => r.name === name);
	const n = session.meta.value?.samples ?? 0;
	const all = session.all.value || 1;
	const unit = session.unit.value;

	return (
		<div class="function">
			<h2>
				<Name name={name} />
			</h2>
			{row && (
				<p class="where">
					<Swatch family={row.family} module={row.module} name={name} />
					{shownBriefly(row.module, 60) || "no module"}
					{KIND_WORDS[row.kind] && ` · ${KIND_WORDS[row.kind]}`}
				</p>
			)}
			{peek && (
				<dl class="figures">
					<div>
						<dt>Total</dt>
						<dd class="big">{shareText(peek.total / all, n)}</dd>
						<dd>{amount(peek.total, unit)}</dd>
					</div>
					<div>
						<dt>Self</dt>
						<dd class="big">{shareText(peek.self / all, n)}</dd>
						<dd>{amount(peek.self, unit)}</dd>
					</div>
				</dl>
			)}
			{extra?.(name)}
			<Actions session={session} name={name} />
			<LinesOf key={name} session={session} name={name} />
			{peek && (
				<>
					<Neighbours
						session={session}
						title="Callers"
						none="None: stacks start here."
						rows={peek.callers}
						whole={peek.total}
					/>
					<Neighbours
						session={session}
						title="Callees"
						none="None."
						rows={
							peek.self > 0
								? [{ name: SELF, value: peek.self }, ...peek.callees]
								: peek.callees
						}
						whole={peek.total}
					/>
				</>
			)}
		</div>
	);
}

const SELF = "\0self"; // no function has this name: names of the wire end at NUL

function Actions({ session, name }: { session: Session; name: string }) {
	return (
		<p class="actions">
			<button type="button" onClick={() => void navigator.clipboard?.writeText(name)}>
				Copy name
			</button>
			<button
				type="button"
				title="Only this function and what it calls (f)"
				onClick={() => session.transform({ kind: "focus", name })}
			>
				Focus
			</button>
			<button
				type="button"
				aria-pressed={session.view.value.sides}
				title="Who calls it above it, what it calls below, in one picture (w)"
				onClick={() => session.set({ sides: !session.view.value.sides })}
			>
				Both sides
			</button>
			<button
				type="button"
				title="Its callers as a picture, it at the root (b)"
				onClick={() => session.transform({ kind: "callers", name })}
			>
				Callers
			</button>
			<button
				type="button"
				title="Leave its frames out (h)"
				onClick={() => session.transform({ kind: "hide", name })}
			>
				Hide
			</button>
		</p>
	);
}

const SHOWN_MAX = 200;

function Neighbours(props: { session: Session; title: string; none: string; rows: PeekRow[]; whole: number }) {
	const { session, rows, whole } = props;

	return (
		<section class="neighbours">
			<h3>{props.title}</h3>
			{rows.length === 0 && <p class="note">{props.none}</p>}
			<ul>
				{rows.slice(0, SHOWN_MAX).map((row) => (
					<li key={row.name}>
						<span class="bar" style={{ width: `${whole ? (100 * row.value) / whole : 0}%` }} />
						{row.name !== SELF ? (
							<button
								type="button"
								class="link"
								title={shownBriefly(row.name)}
								onClick={() => session.select(row.name)}
							>
								<Name name={row.name} max={160} />
							</button>
						) : (
							<span class="quiet">(itself)</span>
						)}
						<span class="num" title={amount(row.value, session.unit.value)}>
							{percent(whole ? row.value / whole : 0)}
						</span>
					</li>
				))}
			</ul>
			{rows.length > SHOWN_MAX && <p class="note">and {rows.length - SHOWN_MAX} smaller ones</p>}
		</section>
	);
}
