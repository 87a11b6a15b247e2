/* takealong: files of what is shown, its link, and the command that asks the same. */
import { useState } from "preact/hooks";
import { Dashboard } from "../model/dashboard";
import { Menu } from "./menu";
import { Icon } from "./parts";

export function TakeAlong({ board }: { board: Dashboard }) {
	const { session } = board;
	const downloads = session.meta.value?.downloads ?? [];
	const [said, setSaid] = useState("");
	const copy = (what: string, text: string) => {
		void navigator.clipboard.writeText(text).then(
			() => setSaid(`${what} copied`),
			() => setSaid(text),
		);
	};
	/* The link of now: with times that do not move. */
	const link = () => {
		const [from, until] = board.range.value;
		const fixed = { from: String(Math.floor(from)), until: String(Math.ceil(until)) };

		return location.origin + board.address(fixed) + location.hash;
	};
	const embed = () =>
		`<iframe src="${location.origin}${board.address({}, { embed: true }).replace(/&/g, "&amp;")}" width="100%" height="600"></iframe>`;

	return (
		<Menu
			right
			class="along"
			title="Save, share, copy"
			onOpen={() => setSaid("")}
			label={
				<>
					<Icon name="save" /> <span class="wide">Take along</span>
				</>
			}
		>
			{() => (
				<>
					<ul aria-label="Files">
						{downloads.map((d) => (
							<li key={d.format}>
								<a
									class="choice"
									href={`${board.folder.value}api/v1/profile?type=0&format=${d.format}`}
									download={d.file}
									onClick={(event) => {
										if (!board.server.signedIn) return;
										event.preventDefault();
										void save(board, event.currentTarget.href, d.file);
									}}
								>
									<b>{d.what}</b> <span>{d.file}</span>
								</a>
							</li>
						))}
					</ul>
					<ul aria-label="Copies">
						<li>
							<button type="button" class="choice" onClick={() => copy("Link", link())}>
								<b>Copy link</b> <span>to exactly this</span>
							</button>
						</li>
						<li>
							<button
								type="button"
								class="choice"
								onClick={() => copy("Command", board.command())}
							>
								<b>Copy command</b> <span>flyover query</span>
							</button>
						</li>
						<li>
							<button type="button" class="choice" onClick={() => copy("Frame", embed())}>
								<b>Copy for another page</b> <span>&lt;iframe&gt;</span>
							</button>
						</li>
					</ul>
					<output class="note">{said}</output>
				</>
			)}
		</Menu>
	);
}

/* A plain link would not be signed in. */
async function save(board: Dashboard, from: string, file: string) {
	await board.status.attempt(file, async () => {
		const url = URL.createObjectURL(new Blob([await board.server.bytes(from)]));
		const link = document.createElement("a");

		link.href = url;
		link.download = file;
		link.click();
		setTimeout(() => URL.revokeObjectURL(url), 60_000);
	});
}
