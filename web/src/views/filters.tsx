/* filters: which labels are asked for, as chips; the values of each with what they amount to. */
import { useSignal } from "@preact/signals";
import { Dashboard } from "../model/dashboard";
import { Filter } from "../model/selection";
import { spanText } from "../model/times";
import { Choice, Choices } from "./choices";
import { Menu } from "./menu";
import { Icon, Name } from "./parts";

export function Filters({ board }: { board: Dashboard }) {
	const { selection, at, group, heat, utc } = board.place.value;
	const without = (gone: Filter) => selection.filters.filter((f) => f !== gone);

	return (
		<div class="filters" role="group" aria-label="Filters">
			{selection.traces.map((trace) => (
				<Chip
					key={trace}
					title="Show all traces"
					onRemove={() =>
						board.select({ traces: selection.traces.filter((t) => t !== trace), spans: [] })
					}
				>
					trace <Name name={trace} />
				</Chip>
			))}
			{selection.spans.map((one) => (
				<Chip
					key={one}
					title="Show all spans"
					onRemove={() => board.select({ spans: selection.spans.filter((s) => s !== one) })}
				>
					span <Name name={one} />
				</Chip>
			))}
			{selection.filters.map((filter) => (
				<Chip
					key={filter.name + filter.not + filter.value}
					title="Take this filter away"
					onRemove={() => board.select({ filters: without(filter) })}
				>
					<button
						type="button"
						class="turn"
						title={filter.not ? "Only these instead" : "All but these instead"}
						onClick={() =>
							board.select({
								filters: selection.filters.map((f) =>
									f === filter ? { ...f, not: !f.not } : f,
								),
							})
						}
					>
						<Name name={filter.name} /> {filter.not ? "≠" : "="}{" "}
						<Name name={filter.value || "(none)"} max={40} />
					</button>
				</Chip>
			))}
			{at && (
				<Chip title="Show the whole range" onRemove={() => board.go({ at: null })}>
					{spanText(...at, board.now.value, utc)}
				</Chip>
			)}
			{at && (
				<button
					type="button"
					class="tool"
					title="Make this the range of the timeline"
					onClick={() =>
						board.select({ from: String(at[0]), until: String(at[1]) }, { at: null })
					}
				>
					Zoom in
				</button>
			)}
			<AddFilter board={board} />
			<div class="space" />
			{selection.traces.length === 0 && (
				<button
					type="button"
					class="tool"
					aria-pressed={heat}
					title="How much single profiles have: to find a burst"
					onClick={() => board.go({ heat: !heat })}
				>
					Heat map
				</button>
			)}
			<SplitBy board={board} group={group} />
		</div>
	);
}

function Chip(props: { title: string; onRemove: () => void; children: preact.ComponentChildren }) {
	return (
		<span class="chip">
			<span>{props.children}</span>
			<button type="button" title={props.title} aria-label={props.title} onClick={props.onRemove}>
				<Icon name="close" />
			</button>
		</span>
	);
}

/* What only tells one process from the other comes last. */
const DULL = ["pid", "pid_start", "pyroscope_spy"];

export function useLabels(board: Dashboard) {
	const labels = useSignal<string[]>([]);
	const load = () =>
		board.status.attempt("the labels", async () => {
			const all = await board.lists.labels(board.words.value);
			const dull = (name: string) => (DULL.includes(name) ? 1 : 0);

			labels.value = all
				.filter((name) => name !== "service_name")
				.sort((a, b) => dull(a) - dull(b) || (a < b ? -1 : 1));
		});

	return { labels, load };
}

function AddFilter({ board }: { board: Dashboard }) {
	const { labels, load } = useLabels(board);
	const label = useSignal("");
	const values = useSignal<Choice[] | null>(null);
	const open = (name: string) => {
		label.value = name;
		values.value = null;
		void board.status.attempt(`the values of ${name}`, async () => {
			const found = await board.valuesOf(name);

			if (label.value === name) values.value = found;
		});
	};
	const { filters } = board.selection.value;
	const toggle = (value: string) => {
		const same = (f: Filter) => f.name === label.value && f.value === value && !f.not;

		board.select({
			filters: filters.some(same)
				? filters.filter((f) => !same(f))
				: [...filters, { name: label.value, value, not: false }],
		});
	};

	return (
		<Menu
			class="add"
			title="Only samples with a label"
			label="+ filter"
			onOpen={() => {
				label.value = "";
				void load();
			}}
		>
			{() =>
				label.value === "" ? (
					<ul class="labels" aria-label="Labels">
						{labels.value.map((name) => (
							<li key={name}>
								<button type="button" class="choice" onClick={() => open(name)}>
									<Name name={name} />
								</button>
							</li>
						))}
						{labels.value.length === 0 && <li class="note">These samples have no labels.</li>}
					</ul>
				) : (
					<>
						<button type="button" class="choice back" onClick={() => (label.value = "")}>
							<Icon name="previous" /> <Name name={label.value} />
						</button>
						{values.value ? (
							<Choices
								what="values"
								choices={values.value}
								chosen={(value) =>
									filters.some((f) => f.name === label.value && f.value === value && !f.not)
								}
								onChoose={toggle}
							/>
						) : (
							<p class="note">Waiting for its values …</p>
						)}
					</>
				)
			}
		</Menu>
	);
}

function SplitBy({ board, group }: { board: Dashboard; group: string }) {
	const { labels, load } = useLabels(board);

	return (
		<label class="select">
			<span>split by</span>
			<select
				aria-label="Split by label"
				value={group}
				onFocus={() => void load()}
				onPointerDown={() => void load()}
				onChange={(event) => board.go({ group: event.currentTarget.value })}
			>
				<option value="">nothing</option>
				{!board.selection.value.service && <option value="service_name">service</option>}
				{[...new Set([...(group ? [group] : []), ...labels.value])]
					.filter((name) => name !== "service_name" || board.selection.value.service)
					.map((name) => (
						<option key={name} value={name}>
							{name}
						</option>
					))}
			</select>
		</label>
	);
}
