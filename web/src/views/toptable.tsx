/* toptable: every function with its self and total, sorted and filtered; only visible rows exist. */
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { TopRow } from "../api/source";
import { clip, shown, shownBriefly } from "../draw/clip";
import { amount, inScale, percent, scaleFor, shareText } from "../model/format";
import { Session } from "../model/session";
import { Swatch } from "./swatch";

const ROW = 26;
const CHAR = 7.23; // pixels of one in the names' font
const WIDE = 470; // from here on amounts are shown too: as in functions.css

/* What the grid of functions.css leaves for names. */
function nameWidth(width: number): number {
	return width - 22 - (width >= WIDE ? 264 : 124);
}

type Sort = "self" | "total" | "name";

function sorted(rows: TopRow[], by: Sort, filter: string): TopRow[] {
	const wanted = filter.toLowerCase();
	const kept = rows.filter(
		(row) => !wanted || (row.name + " " + row.module).toLowerCase().includes(wanted),
	);
	const byName = (a: TopRow, b: TopRow) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

	if (by === "name") return kept.sort(byName);
	const other = by === "self" ? "total" : "self";

	return kept.sort((a, b) => b[by] - a[by] || b[other] - a[other] || byName(a, b));
}

export function TopTable({ session }: { session: Session }) {
	const { sort, filter } = session.view.value;
	const top = session.top.value;
	const rows = useMemo(() => (top ? sorted(top.rows, sort, filter) : []), [top, sort, filter]);
	const all = session.all.value;
	const scale = scaleFor(session.unit.value, all);
	const heading = (by: Sort, text: string, className: string) => (
		<span
			role="columnheader"
			class={className}
			aria-sort={sort === by ? (by === "name" ? "ascending" : "descending") : "none"}
		>
			<button type="button" onClick={() => session.set({ sort: by }, false)}>
				{text}
			</button>
		</span>
	);

	return (
		<div class="top">
			<input
				class="filter"
				type="text"
				placeholder={`Filter ${top ? top.rows.length.toLocaleString("en") : ""} functions`}
				aria-label="Filter functions"
				spellcheck={false}
				value={filter}
				onInput={(event) => session.set({ filter: event.currentTarget.value }, false)}
			/>
			<div class="grid" role="table" aria-label="Functions" aria-rowcount={rows.length + 1}>
				<div class="row head" role="row" aria-rowindex={1}>
					{heading("name", "Function", "fn")}
					{heading("self", scale.unit ? `Self ${scale.unit}` : "Self", "num amount")}
					{heading("self", "Self %", "num")}
					{heading("total", scale.unit ? `Total ${scale.unit}` : "Total", "num amount")}
					{heading("total", "Total %", "num")}
				</div>
				<Rows session={session} rows={rows} scale={scale} />
			</div>
			{top && top.leftOut > 0 && (
				<p class="note">{top.leftOut.toLocaleString("en")} smaller functions are not listed.</p>
			)}
			{top && rows.length === 0 && <p class="note">No function matches.</p>}
		</div>
	);
}

function Rows(props: {
	session: Session;
	rows: TopRow[];
	scale: { factor: number; unit: string };
}) {
	const { session, rows } = props;
	const box = useRef<HTMLDivElement>(null);
	const [from, setFrom] = useState(0);
	const [room, setRoom] = useState(40);
	const [chars, setChars] = useState(30);
	const watch = () => {
		if (!box.current) return;
		setFrom(Math.max(0, Math.floor(box.current.scrollTop / ROW) - 4));
		setRoom(Math.ceil(box.current.clientHeight / ROW) + 8);
		setChars(Math.max(8, Math.floor((nameWidth(box.current.clientWidth) - 20) / CHAR)));
	};

	useLayoutEffect(() => {
		const observer = new ResizeObserver(watch);

		observer.observe(box.current!);
		return () => observer.disconnect();
	}, []);
	useLayoutEffect(() => {
		if (box.current) box.current.scrollTop = 0;
		watch();
	}, [rows]);
	return (
		<div class="rows" role="rowgroup" ref={box} onScroll={watch} tabIndex={0} aria-label="Rows">
			<div role="presentation" style={{ height: `${rows.length * ROW}px` }}>
				<div role="presentation" style={{ transform: `translateY(${from * ROW}px)` }}>
					{rows.slice(from, from + room).map((row, i) => (
						<Row
							key={row.name}
							session={session}
							row={row}
							index={from + i + 2}
							chars={chars}
							scale={props.scale}
						/>
					))}
				</div>
			</div>
		</div>
	);
}

function Row(props: {
	session: Session;
	row: TopRow;
	index: number;
	chars: number;
	scale: { factor: number; unit: string };
}) {
	const { session, row, scale } = props;
	const all = session.all.value || 1;
	const n = session.meta.value?.samples ?? 0;
	const unit = session.unit.value;
	const ranked = session.view.value.sort === "total" ? row.total : row.self;

	return (
		<div
			class={row.name === session.view.value.selected ? "row selected" : "row"}
			role="row"
			aria-rowindex={props.index}
		>
			<span class="fn" role="cell">
				<span class="bar" style={{ width: `${(100 * ranked) / all}%` }} />
				<Swatch family={row.family} module={row.module} name={row.name} />
				<button
					type="button"
					class="link"
					title={`${shownBriefly(row.name)}\n${shownBriefly(row.module)}`}
					onClick={() => session.select(row.name)}
				>
					<bdi dir="ltr">{shown(clip(row.name, props.chars))}</bdi>
				</button>
			</span>
			<span class="num amount" role="cell">
				{inScale(row.self, scale)}
			</span>
			<span
				class="num"
				role="cell"
				title={`self ${amount(row.self, unit)}, ${shareText(row.self / all, n)}`}
			>
				{percent(row.self / all)}
			</span>
			<span class="num amount" role="cell">
				{inScale(row.total, scale)}
			</span>
			<span
				class="num"
				role="cell"
				title={`total ${amount(row.total, unit)}, ${shareText(row.total / all, n)}`}
			>
				{percent(row.total / all)}
			</span>
		</div>
	);
}
