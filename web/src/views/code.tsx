/* code: the text of a function with what each line costs beside it. */
import { useEffect } from "preact/hooks";
import { LineRow } from "../api/source";
import { shown, shownBriefly } from "../draw/clip";
import { inScale, percent } from "../model/format";
import { Session } from "../model/session";

/* Of the file in which most of the function's samples are. */
export function CodeOf(props: {
	session: Session;
	name: string;
	rows: LineRow[];
	scale: { factor: number; unit: string };
}) {
	const { session, name, rows, scale } = props;
	const sums = new Map<string, number>();

	for (const row of rows) if (row.file && row.line) sums.set(row.file, (sums.get(row.file) ?? 0) + row.total);
	const file = [...sums].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "";
	const can = session.meta.value?.source === true;

	useEffect(() => {
		if (can && file) void session.loadCode(name, file);
	}, [session.meta.value, name, file]);
	if (!file) return null;
	if (!can)
		return (
			<p class="note">
				To see the code here: <code>source_roots: [FOLDER]</code> in the server's settings, or{" "}
				<code>flyover view --source-root FOLDER</code>.
			</p>
		);
	const known = session.code.value;

	if (known?.of !== name || known.file !== file) return null;
	if (!known.code) return known.why ? <p class="note">{shown(known.why)}</p> : null;
	const { first, lines, leftOut, changed } = known.code;
	const costs = new Map(rows.filter((row) => row.file === file).map((row) => [row.line, row]));
	const most = Math.max(...rows.map((row) => row.total)) || 1;

	return (
		<>
			<p class="note">{shownBriefly(file, 120)}</p>
			{changed && (
				<p class="note">This file was changed after the first of these samples: lines may have moved.</p>
			)}
			<div class="code" role="region" aria-label={`Code of ${shown(name)}`} tabIndex={0}>
				<table>
					<tbody>
						{lines.map((text, i) => {
							const row = costs.get(first + i);

							return (
								<tr class={row ? "hot" : ""}>
									<th scope="row">{first + i}</th>
									<td class="num" title={row && `self ${inScale(row.self, scale)}, total ${inScale(row.total, scale)} ${scale.unit}`}>
										{row && <i style={{ opacity: 0.15 + (0.85 * row.total) / most }} />}
										<span>{row && percent(row.total / (session.all.value || 1))}</span>
									</td>
									<td class="text">{shown(text.replace(/\t/g, "    "))}</td>
								</tr>
							);
						})}
					</tbody>
				</table>
			</div>
			{leftOut > 0 && <p class="note">{leftOut.toLocaleString("en")} more lines are left out.</p>}
		</>
	);
}
