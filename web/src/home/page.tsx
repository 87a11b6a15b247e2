/* page: the list of services. */
import { percent } from "../model/format";
import { Name } from "../views/parts";
import { rate } from "./rate";
import { HomeState, KINDS, RANGES, Service, viewPath } from "./state";

const SPARK_WIDTH = 160;
const SPARK_HEIGHT = 28;

function Sparkline({ points }: { points: number[] }) {
	const most = Math.max(1, ...points);
	const step = SPARK_WIDTH / Math.max(1, points.length - 1);
	const at = (value: number) => (SPARK_HEIGHT - 2) * (1 - Math.max(0, value) / most) + 1;
	const path = points.map((value, i) => `${(i * step).toFixed(1)},${at(value).toFixed(1)}`);

	return (
		<svg class="spark" width={SPARK_WIDTH} height={SPARK_HEIGHT} aria-hidden="true">
			<polyline points={path.join(" ")} />
		</svg>
	);
}

function Row({ state, service, whole }: { state: HomeState; service: Service; whole: number }) {
	const share = whole > 0 ? service.total / whole : 0;
	const path = viewPath({
		service: service.name,
		type: state.type.value,
		from: state.from.value,
	});

	return (
		<tr>
			<th scope="row">
				<a href={path}>
					<Name name={service.name || "(no name)"} />
				</a>
			</th>
			<td class="number">{rate(service.total, state.unit.value, state.seconds.value)}</td>
			<td class="share">
				<meter min="0" max="1" value={share} aria-label="share of all" />
				<span class="number">{percent(share)}</span>
			</td>
			<td>
				<Sparkline points={service.points} />
			</td>
		</tr>
	);
}

function Choices({ state }: { state: HomeState }) {
	const kinds = KINDS.filter((k) => state.types.value.includes(k.type) || k.type === state.type.value);

	return (
		<form class="choices" onSubmit={(event) => event.preventDefault()}>
			<label>
				Show{" "}
				<select
					value={state.type.value}
					onChange={(event) => state.choose({ type: event.currentTarget.value })}
				>
					{kinds.map((kind) => (
						<option value={kind.type}>{kind.label}</option>
					))}
				</select>
			</label>
			<label>
				of the last{" "}
				<select
					value={state.from.value}
					onChange={(event) => state.choose({ from: event.currentTarget.value })}
				>
					{RANGES.map((range) => (
						<option value={range.from}>{range.label}</option>
					))}
				</select>
			</label>
			<input
				type="search"
				placeholder="Find a service"
				aria-label="Find a service"
				value={state.needle.value}
				onInput={(event) => state.choose({ search: event.currentTarget.value })}
			/>
			<TraceBox state={state} />
		</form>
	);
}

/* A trace id, pasted, is a question of its own. */
function TraceBox({ state }: { state: HomeState }) {
	return (
		<input
			class="trace"
			placeholder="Paste a trace id"
			aria-label="Trace id"
			spellcheck={false}
			onInput={(event) => {
				const trace = event.currentTarget.value.trim();

				if (/^[0-9a-fA-F]{32}$/.test(trace))
					location.href = viewPath({ trace, type: state.type.value, from: "now-24h" });
			}}
		/>
	);
}

function Nothing() {
	return (
		<section class="nothing">
			<p>Nothing was sampled in this range. Any of these sends some:</p>
			<pre>flyover up</pre>
			<p>samples every process of this machine;</p>
			<pre>curl --data-binary @cpu.pb.gz '{location.origin}/api/v1/profiles?service=shop'</pre>
			<p>sends a profile that you have;</p>
			<pre>FLYOVER_PUSH={location.origin} flyover run -- PROGRAM</pre>
			<p>lets a program push its own.</p>
		</section>
	);
}

export function Home({ state }: { state: HomeState }) {
	const services = state.services.value;
	const whole = (services ?? []).reduce((sum, service) => sum + service.total, 0);

	return (
		<main>
			<header>
				<h1>Flyover</h1>
				<Choices state={state} />
			</header>
			{state.trouble.value && (
				<p class="trouble" role="alert">
					{services ? "Not up to date: " : ""}
					{state.trouble.value}
				</p>
			)}
			{services && services.length === 0 && <Nothing />}
			{services && services.length > 0 && (
				<table>
					<thead>
						<tr>
							<th scope="col">Service</th>
							<th scope="col" class="number">
								{state.unit.value === "nanoseconds" ? "On average" : "Total"}
							</th>
							<th scope="col">Share</th>
							<th scope="col">Over time</th>
						</tr>
					</thead>
					<tbody>
						{state.shown.value.map((service) => (
							<Row key={service.name} state={state} service={service} whole={whole} />
						))}
					</tbody>
				</table>
			)}
			{services && services.length > 0 && state.shown.value.length === 0 && (
				<p class="quiet">No service has “{state.needle.value}” in its name.</p>
			)}
		</main>
	);
}
