/* truth: how far the picture can be trusted, quiet while all is well. */
import { ComponentChildren } from "preact";
import { halfInterval } from "../model/format";
import { Session } from "../model/session";
import { Status } from "../model/status";

export function TruthLine(props: {
	session: Session;
	more?: ComponentChildren;
	instead?: string | null; // of the warnings, where somebody knows better what to do
}) {
	const { session, more, instead } = props;
	const meta = session.meta.value;

	if (!meta) return null;
	const half = halfInterval(0.5, meta.samples) * 100;
	const layout = session.layout.value;
	const partly = layout && layout.count < layout.wholeCount && layout.id;

	return (
		<section class={`truth ${instead ? "care" : meta.truth.level}`} aria-label="How far to trust this picture">
			<p>
				<span class="line">{meta.truth.line}</span>
				{more}
				{partly && (
					<span title="Hatched boxes stand for frames too narrow to see at this width">
						{" · "}
						{layout.count.toLocaleString("en")} of {layout.wholeCount.toLocaleString("en")} frames
						loaded, zoom in for the others
					</span>
				)}
				{(instead ? [instead] : meta.truth.sentences).map((sentence) => (
					<span class="sentence">{sentence}</span>
				))}
			</p>
			{half > 0 && (
				<p class="interval" title="Half the 95 % confidence interval of a share of 50 %">
					shares ± {half >= 1 ? half.toFixed(1) : half.toFixed(2)} points at most
				</p>
			)}
		</section>
	);
}

/* One line for each thing that is wrong or under way. */
export function Banners({ status }: { status: Status }) {
	const { lost, refused, waiting } = status;

	return (
		<div aria-live="polite">
			{lost.value && (
				<div class="banner" role="alert">
					<p>
						<b>flyover has stopped answering.</b> What you see is what was loaded before;
						it stays usable.
					</p>
					<button type="button" onClick={() => void status.probe()}>
						Try again
					</button>
				</div>
			)}
			{refused.value && (
				<div class="banner" role="alert">
					<p>{refused.value}</p>
					<button type="button" onClick={() => (refused.value = "")}>
						Dismiss
					</button>
				</div>
			)}
			{waiting.value && (
				<div class="progress">
					<span class="quiet">Waiting for {waiting.value}</span>
				</div>
			)}
		</div>
	);
}
