/* header: what is shown, as which sample type, grouped how, and how to take it away. */
import { useEffect, useRef } from "preact/hooks";
import { Session } from "../model/session";
import { Icon, Mark, Name } from "./parts";

export function Header({ session, onHelp }: { session: Session; onHelp: () => void }) {
	const meta = session.meta.value;

	return (
		<header>
			<div class="brand">
				<Mark />
				<b>flyover</b>
			</div>
			<h1>{meta ? <Name name={meta.title} max={80} /> : null}</h1>
			{meta && <Types session={session} />}
			{meta && meta.groups.length > 0 && <Group session={session} />}
			{meta && meta.downloads.length > 0 && <Save session={session} />}
			<button type="button" class="tool" aria-label="Keys" title="Keys (?)" onClick={onHelp}>
				?
			</button>
		</header>
	);
}

function Types({ session }: { session: Session }) {
	const types = session.meta.value!.types;

	if (types.length < 2) return null;
	return (
		<div class="segments" role="radiogroup" aria-label="Sample type">
			{types.map((type, i) => (
				<button
					type="button"
					role="radio"
					aria-checked={i === session.type.value}
					onClick={() => session.set({ type: i, zoom: 0, range: null })}
				>
					<Name name={type.name} max={24} />
				</button>
			))}
		</div>
	);
}

function Group({ session }: { session: Session }) {
	return (
		<label class="select">
			<span>by</span>
			<select
				aria-label="Group by label"
				value={session.view.value.group}
				onChange={(event) =>
					session.set({ group: event.currentTarget.value, zoom: 0, range: null })
				}
			>
				<option value="">stack</option>
				{session.meta.value!.groups.map((key) => (
					<option value={key}>{key}</option>
				))}
			</select>
		</label>
	);
}

function Save({ session }: { session: Session }) {
	const box = useRef<HTMLDetailsElement>(null);

	useEffect(() => {
		const close = (event: Event) => {
			if (box.current && !box.current.contains(event.target as Node)) box.current.open = false;
		};

		addEventListener("pointerdown", close);
		return () => removeEventListener("pointerdown", close);
	}, []);
	return (
		<details class="menu" ref={box}>
			<summary class="tool" title="Save as a file">
				<Icon name="save" /> <span class="wide">Save</span>
			</summary>
			<ul>
				{session.meta.value!.downloads.map((download) => (
					<li>
						<a
							href={session.download(download.format) ?? "#"}
							download={download.file}
							onClick={() => box.current && (box.current.open = false)}
						>
							<b>{download.what}</b> <span>{download.file}</span>
						</a>
					</li>
				))}
			</ul>
		</details>
	);
}
