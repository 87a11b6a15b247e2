/* lines: what each line of the selected function costs. */
import { useState } from "preact/hooks";
import { LineRow } from "../api/source";
import { shown, shownBriefly } from "../draw/clip";
import { inScale, percent, scaleFor, shareText } from "../model/format";
import { Session } from "../model/session";
import { CodeOf } from "./code";

const FIRST = 12; // lines shown before more are asked for
const MOST = 1000;

/* The ones that cost most, in the order of the source. */
function largest(rows: LineRow[], n: number): LineRow[] {
	if (rows.length <= n) return rows;
	const least = rows.map((row) => row.total).sort((a, b) => b - a)[n - 1];

	return rows.filter((row) => row.total >= least).slice(0, n);
}

export function LinesOf({ session, name }: { session: Session; name: string }) {
	const [all, setAll] = useState(false);
	const known = session.lines.value;

	if (!known || known.of !== name || known.lines.rows.length === 0) return null;
	const { rows } = known.lines;
	const seen = largest(rows, all ? MOST : FIRST);
	const hidden = rows.length + known.lines.leftOut - seen.length;
	const most = Math.max(...rows.map((row) => row.total));
	const scale = scaleFor(session.unit.value, most);
	const changed = session.view.value.transforms.length > 0;

	return (
		<section class="lines">
			<h3>Lines{changed && ", of all samples of the function"}</h3>
			{rows.every((row) => row.line === 0) ? (
				<p class="note">
					{rows[0].file ? `In ${shownBriefly(rows[0].file)}. Its` : "Its"} samples have no line numbers: the program
					was built without them, or stripped.
				</p>
			) : (
				<table>
					<thead>
						<tr>
							<th scope="col">Line</th>
							<th scope="col" class="num">
								Self {scale.unit}
							</th>
							<th scope="col" class="num">
								Total {scale.unit}
							</th>
							<th scope="col" class="num">
								%
							</th>
						</tr>
					</thead>
					<tbody>
						{seen.map((row, i) => [
							row.file !== seen[i - 1]?.file && (
								<tr key={row.file}>
									<th scope="rowgroup" colSpan={4} class="file" title={shownBriefly(row.file)}>
										<bdi dir="ltr">{row.file ? shown(ending(row.file)) : "file not known"}</bdi>
									</th>
								</tr>
							),
							<Row key={`${row.file}:${row.line}`} session={session} row={row} most={most} scale={scale} />,
						])}
					</tbody>
				</table>
			)}
			<CodeOf session={session} name={name} rows={rows} scale={scale} />
			{hidden > 0 && !all && (
				<button type="button" class="link" onClick={() => setAll(true)}>
					and {hidden.toLocaleString("en")} with less
				</button>
			)}
			{hidden > 0 && all && <p class="note">and {hidden.toLocaleString("en")} with less</p>}
		</section>
	);
}

function Row(props: {
	session: Session;
	row: LineRow;
	most: number;
	scale: { factor: number; unit: string };
}) {
	const { session, row, scale } = props;
	const share = row.total / (session.all.value || 1);

	return (
		<tr>
			<th scope="row">
				<i class="bar" style={{ width: `${(100 * row.total) / (props.most || 1)}%` }} />
				<span>{row.line || "?"}</span>
			</th>
			<td class="num">{row.self ? inScale(row.self, scale) : ""}</td>
			<td class="num">{inScale(row.total, scale)}</td>
			<td class="num" title={shareText(share, session.meta.value?.samples ?? 0)}>
				{percent(share)}
			</td>
		</tr>
	);
}

const FILE_MAX = 44;

/* A path's end says more than its beginning. */
function ending(path: string): string {
	return path.length > FILE_MAX ? "…" + path.slice(-FILE_MAX + 1) : path;
}
