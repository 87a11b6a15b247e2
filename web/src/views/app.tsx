/* app: the page. */
import { RefObject } from "preact";
import { useRef } from "preact/hooks";
import { Session } from "../model/session";
import { Extra, FunctionPanel } from "./function";
import { Graph } from "./graph";
import { Header } from "./header";
import { HELP, useKeys } from "./keys";
import { Toolbar } from "./toolbar";
import { TopTable } from "./toptable";
import { Banners, TruthLine } from "./truth";

export function App({ session }: { session: Session }) {
	const input = useRef<HTMLInputElement>(null);
	const dialog = useRef<HTMLDialogElement>(null);
	const help = () => dialog.current?.showModal();

	useKeys(session, input, help);
	return (
		<>
			<Header session={session} onHelp={help} />
			<Banners status={session.status} />
			<TruthLine session={session} />
			{session.meta.value && (
				<>
					<Toolbar session={session} input={input} />
					<Body session={session} />
				</>
			)}
			<Keys dialog={dialog} keys={HELP} />
		</>
	);
}

/* The picture, and the functions beside it. */
export function Body({ session, extra }: { session: Session; extra?: Extra }) {
	return (
		<div class={`body side-${session.view.value.side}`}>
			<Graph session={session} />
			<Side session={session} extra={extra} />
		</div>
	);
}

export function Keys(props: { dialog: RefObject<HTMLDialogElement | null>; keys: [string, string][] }) {
	return (
		<dialog ref={props.dialog} aria-labelledby="keys-title">
			<h2 id="keys-title">Keys</h2>
			<dl>
				{props.keys.map(([key, what]) => (
					<div>
						<dt>
							<kbd>{key}</kbd>
						</dt>
						<dd>{what}</dd>
					</div>
				))}
			</dl>
			<p class="note">Left to right is the alphabet, not time. Width is cost.</p>
			<form method="dialog">
				<button>Close</button>
			</form>
		</dialog>
	);
}

function Side({ session, extra }: { session: Session; extra?: Extra }) {
	const { side } = session.view.value;

	if (side === "none") return null;
	const tab = (which: "top" | "function", text: string) => (
		<button
			type="button"
			role="tab"
			id={`tab-${which}`}
			aria-selected={side === which}
			aria-controls="side-panel"
			onClick={() => session.set({ side: which }, false)}
		>
			{text}
		</button>
	);

	return (
		<aside aria-label="Functions">
			<div class="tabs" role="tablist">
				{tab("top", "Functions")}
				{tab("function", "Callers and callees")}
			</div>
			<div class="panel" id="side-panel" role="tabpanel" aria-labelledby={`tab-${side}`}>
				{side === "top" ? <TopTable session={session} /> : <FunctionPanel session={session} extra={extra} />}
			</div>
		</aside>
	);
}
