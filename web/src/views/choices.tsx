/* choices: a list to pick from, the largest first; typing narrows it. */
import { useState } from "preact/hooks";
import { percent } from "../model/format";
import { Name } from "./parts";

const SHOWN_MAX = 200;

export interface Choice {
	value: string;
	total: number;
}

export function Choices(props: {
	what: string; // "services"
	choices: Choice[];
	chosen: (value: string) => boolean;
	onChoose: (value: string) => void;
	nameless?: string;
}) {
	const [needle, setNeedle] = useState("");
	const wanted = needle.toLowerCase();
	const found = props.choices.filter((c) => c.value.toLowerCase().includes(wanted));
	const all = props.choices.reduce((sum, c) => sum + Math.max(0, c.total), 0) || 1;

	return (
		<div class="choices">
			<input
				type="text"
				placeholder={`Find ${props.what}`}
				aria-label={`Find ${props.what}`}
				spellcheck={false}
				value={needle}
				onInput={(event) => setNeedle(event.currentTarget.value)}
				onKeyDown={(event) => {
					if (event.key === "Enter" && found.length) props.onChoose(found[0].value);
					if (event.key === "ArrowDown") step(event, 1);
				}}
			/>
			<ul aria-label={props.what}>
				{found.slice(0, SHOWN_MAX).map((c) => (
					<li key={c.value}>
						<button
							type="button"
							class="choice"
							aria-pressed={props.chosen(c.value)}
							onClick={() => props.onChoose(c.value)}
							onKeyDown={(event) => {
								if (event.key === "ArrowDown") step(event, 1);
								if (event.key === "ArrowUp") step(event, -1);
							}}
						>
							<i class="share" style={{ width: `${(100 * Math.max(0, c.total)) / all}%` }} />
							<Name name={c.value || (props.nameless ?? "(none)")} max={60} />
							<span class="num">{percent(Math.max(0, c.total) / all)}</span>
						</button>
					</li>
				))}
			</ul>
			{found.length > SHOWN_MAX && (
				<p class="note">and {found.length - SHOWN_MAX} more: type to find them</p>
			)}
			{found.length === 0 && <p class="note">None.</p>}
		</div>
	);
}

/* Down and up through what can be focused in the list. */
function step(event: KeyboardEvent, by: number) {
	const list = (event.target as HTMLElement).closest(".choices")!;
	const stops = [...list.querySelectorAll<HTMLElement>("input, .choice")];
	const next = stops[stops.indexOf(event.target as HTMLElement) + by];

	next?.focus();
	event.preventDefault();
}
