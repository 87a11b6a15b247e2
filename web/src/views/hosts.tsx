/* hosts: which hosts the samples are of, and when there is nothing of them; and what to beware of. */
import { percent, plural } from "../model/format";
import { Dashboard } from "../model/dashboard";
import { spanText } from "../model/times";
import { Menu } from "./menu";
import { Name } from "./parts";

const GAPS_MAX = 4;
const LITTLE = 0.95; // of the range

export function Hosts({ board }: { board: Dashboard }) {
	const evidence = board.evidence.value;
	const told = board.session.meta.value?.truth.sentences ?? [];

	/* A request is no range that a host could have missed. */
	if (board.selection.value.traces.length) return null;
	if (!evidence || evidence.hosts.length === 0) return null;
	const partly = evidence.hosts.filter((host) => host.covered < LITTLE).length;

	return (
		<>
			<Menu
				class="hosts"
				title="Which hosts, and when"
				label={
					<>
						{plural(evidence.hosts.length + evidence.hosts_left_out, "host")}
						{partly > 0 && `, ${partly} for a part of the range`}
					</>
				}
			>
				{() => (
					<table>
						<tbody>
							{evidence.hosts.slice(0, 40).map((host) => (
								<tr key={host.host}>
									<th scope="row">
										<Name name={host.host || "(not named)"} max={40} />
									</th>
									<td class="num">{percent(host.covered)}</td>
									<td>
										{host.gaps.length === 0
											? "of all of it"
											: "nothing " +
												host.gaps
													.slice(0, GAPS_MAX)
													.map((gap) => spanText(gap[0], gap[1], board.now.value, board.place.value.utc))
													.join(", ") +
												(host.gaps.length > GAPS_MAX ? " …" : "")}
									</td>
								</tr>
							))}
						</tbody>
					</table>
				)}
			</Menu>
			{evidence.sentences
				.filter((sentence) => !told.includes(sentence) && !/part of the range/.test(sentence))
				.map((sentence) => (
					<span class="sentence" key={sentence}>
						{sentence}
					</span>
				))}
		</>
	);
}
