/* compare: what is compared with what, the verdict, and the functions that changed. */
import { useSignal } from "@preact/signals";
import { useMemo, useState } from "preact/hooks";
import { ChangeRow } from "../api/source";
import { shownBriefly } from "../draw/clip";
import { amount, percent, significant } from "../model/format";
import { Dashboard } from "../model/dashboard";
import { kindOf } from "../model/kinds";
import { verdictOf } from "../model/verdict";
import { AGO, NO_VERSUS, otherSpan, sideNames } from "../model/versus";
import { Choice, Choices } from "./choices";
import { useLabels } from "./filters";
import { Menu } from "./menu";
import { Icon, Name } from "./parts";

export function CompareBar({ board }: { board: Dashboard }) {
	const { versus, selection, utc } = board.place.value;
	const names = versus && sideNames(versus, selection, board.span.value, board.now.value, utc);

	return (
		<div class="compare-bar">
			<span class="side-name after">{names ? names[1] : "What is selected"}</span>
			<span class="quiet">against</span>
			<Menu
				class="against"
				title="Choose what to compare with"
				label={
					<>
						{names ? <span class="side-name before">{names[0]}</span> : "choose …"}{" "}
						<Icon name="down" />
					</>
				}
			>
				{(close) => <Against board={board} close={close} />}
			</Menu>
			{versus && (
				<button
					type="button"
					class="tool"
					title="The other way round (x)"
					aria-label="Swap"
					onClick={() => board.swap()}
				>
					<Icon name="swap" />
				</button>
			)}
			{board.picking.value && <b class="picking">Drag over the timeline to pick the other range.</b>}
		</div>
	);
}

function Against({ board, close }: { board: Dashboard; close: () => void }) {
	const label = useSignal("");
	const choose = (versus: object) => {
		close();
		board.picking.value = false;
		board.go({ tab: "compare", versus: { ...NO_VERSUS, ...versus } });
	};

	if (label.value) return <LabelValues board={board} name={label.value} choose={choose} />;
	return (
		<>
			<ul aria-label="Another time">
				{AGO.map(({ ago, label }) => (
					<li key={ago}>
						<button type="button" class="choice" onClick={() => choose({ ago })}>
							{label}
						</button>
					</li>
				))}
				<li>
					<button
						type="button"
						class="choice"
						onClick={() => {
							close();
							board.go({ tab: "compare" });
							board.picking.value = true;
						}}
					>
						another range: pick it on the timeline
					</button>
				</li>
			</ul>
			<LabelNames board={board} onChoose={(name) => (label.value = name)} />
			{board.selection.value.traces.length > 0 && (
				<input
					type="text"
					class="trace wide-trace"
					placeholder="or paste another trace id"
					aria-label="The other trace id"
					spellcheck={false}
					onInput={(event) => {
						const trace = event.currentTarget.value.trim().toLowerCase();

						if (/^[0-9a-f]{32}$/.test(trace)) choose({ trace });
					}}
				/>
			)}
		</>
	);
}

function LabelNames({ board, onChoose }: { board: Dashboard; onChoose: (name: string) => void }) {
	const { labels, load } = useLabels(board);

	useMemo(() => void load(), []);
	return (
		<ul class="labels" aria-label="Another value of a label">
			{labels.value.map((name) => (
				<li key={name}>
					<button type="button" class="choice" onClick={() => onChoose(name)}>
						<span>
							another <Name name={name} />
						</span>
					</button>
				</li>
			))}
		</ul>
	);
}

/* Who has not chosen a value of the label yet compares one with all others. */
function LabelValues(props: { board: Dashboard; name: string; choose: (versus: object) => void }) {
	const { board, name } = props;
	const values = useSignal<Choice[] | null>(null);
	const { filters } = board.selection.value;

	useMemo(() => {
		void board.status.attempt(`the values of ${name}`, async () => {
			values.value = await board.valuesOf(name);
		});
	}, [name]);
	if (!values.value) return <p class="note">Waiting for its values …</p>;
	return (
		<Choices
			what="values"
			choices={values.value.filter((c) => !filters.some((f) => f.name === name && f.value === c.value && !f.not))}
			chosen={() => false}
			onChoose={(value) => {
				const one = { name, value, not: false };

				if (!filters.some((f) => f.name === name))
					board.select({ filters: [...filters, { ...one, not: true }] });
				props.choose({ filters: [one] });
			}}
		/>
	);
}

export function VerdictLine({ board }: { board: Dashboard }) {
	const pair = board.session.meta.value?.pair;
	const { versus } = board.place.value;

	if (!pair || !versus) return null;
	const span = board.span.value;
	const other = otherSpan(versus, span);
	const verdict = verdictOf(
		pair,
		[other[1] - other[0], span[1] - span[0]],
		board.session.layout.value,
	);
	const names = sideNames(versus, board.selection.value, span, board.now.value, board.place.value.utc);
	const what = kindOf(board.selection.value.type).label;
	const by = (n: number) => significant(Math.abs(100 * n));

	if (!verdict) return <p class="verdict">There is nothing before to compare with.</p>;
	const { change, half, where } = verdict;
	const isTime = versus.ago !== "" || versus.at !== null;
	const size = (
		<b class={!verdict.sure ? "" : change > 0 ? "more" : "less"}>
			{by(change)} %{half > 0 && ` ± ${by(half)}`} {change > 0 ? "more" : "less"} {what}
		</b>
	);

	return (
		<p class="verdict" role="status">
			{isTime ? (
				<>
					{size} a second in {names[1]} than in {names[0]}
				</>
			) : (
				<>
					<Name name={names[1]} max={60} /> spends {size} a second than{" "}
					<Name name={names[0]} max={60} />
				</>
			)}
			{verdict.sure || Number.isNaN(half) ? "" : ", which chance explains"}
			{verdict.sure && where && where.share > 0 && (
				<>
					; {percent(Math.min(1, where.share))} of that in <Name name={where.name} max={60} />,
					under <Name name={where.under} max={60} />
				</>
			)}
			.{" "}
			{pair.significant === 0
				? "No function's share changed by more than chance explains."
				: `The share of ${pair.significant} ${pair.significant === 1 ? "function" : "functions"} changed.`}
		</p>
	);
}

type Order = "sure" | "self";

/* Functions by what became of their share; the ones that chance explains come after the others. */
export function ChangeTable({ board }: { board: Dashboard }) {
	const { session } = board;
	const rows = session.meta.value?.pair?.rows;
	const [needle, setNeedle] = useState("");
	const [order, setOrder] = useState<Order>("sure");
	const wanted = needle.toLowerCase();
	const shown = useMemo(() => {
		const size = (row: ChangeRow) => Math.abs(row.shares[1] - row.shares[0]);
		const own = (row: ChangeRow) => Math.abs(selfShare(row, session, 1) - selfShare(row, session, 0));
		const found = (rows ?? []).filter((row) => row.name.toLowerCase().includes(wanted));

		return order === "self"
			? found.sort((a, b) => own(b) - own(a))
			: found.sort((a, b) => Number(b.sure) - Number(a.sure) || size(b) - size(a));
	}, [rows, wanted, order]);

	if (!rows) return null;
	return (
		<section class="changes" aria-label="Functions that changed">
			<div class="changes-head">
				<input
					type="text"
					class="filter"
					placeholder={`Filter ${rows.length.toLocaleString("en")} functions`}
					aria-label="Filter functions"
					spellcheck={false}
					value={needle}
					onInput={(event) => setNeedle(event.currentTarget.value)}
				/>
				<label class="select">
					<select
						aria-label="Order"
						value={order}
						onChange={(event) => setOrder(event.currentTarget.value as Order)}
					>
						<option value="sure">by change of total</option>
						<option value="self">by change of self</option>
					</select>
				</label>
			</div>
			<table>
				<thead>
					<tr>
						<th scope="col">Function</th>
						<th scope="col" class="num">
							Before
						</th>
						<th scope="col" class="num">
							After
						</th>
						<th scope="col" class="num">
							Change
						</th>
					</tr>
				</thead>
				<tbody>
					{shown.slice(0, 300).map((row) => (
						<Row key={row.name} board={board} row={row} />
					))}
				</tbody>
			</table>
			{shown.length === 0 && <p class="note">No function matches.</p>}
		</section>
	);
}

function selfShare(row: ChangeRow, session: Dashboard["session"], side: 0 | 1): number {
	return row.self[side] / (session.meta.value?.pair?.wholes[side] || 1);
}

function Row({ board, row }: { board: Dashboard; row: ChangeRow }) {
	const { session } = board;
	const points = 100 * (row.shares[1] - row.shares[0]);
	const unit = session.unit.value;
	const tone = !row.sure ? "unsure" : points > 0 ? "more" : "less";
	const half = 50 * (row.interval[1] - row.interval[0]);

	return (
		<tr class={row.name === session.view.value.selected ? `selected ${tone}` : tone}>
			<th scope="row">
				<button
					type="button"
					class="link"
					title={`${shownBriefly(row.name)}\n${shownBriefly(row.module)}`}
					onClick={() => session.select(row.name)}
				>
					<Name name={row.name} max={120} />
				</button>
				{row.isNew && <em>new</em>}
				{row.isGone && <em>gone</em>}
			</th>
			<td class="num" title={amount(row.total[0], unit)}>
				{percent(row.shares[0])}
			</td>
			<td class="num" title={amount(row.total[1], unit)}>
				{percent(row.shares[1])}
			</td>
			<td
				class="num change"
				title={row.sure ? "more than chance explains" : "chance alone may explain this"}
			>
				{points > 0 ? "+" : points < 0 ? "−" : ""}
				{Math.abs(points).toFixed(2)}
				{half > 0 && <small> ± {half.toFixed(2)}</small>}
			</td>
		</tr>
	);
}
