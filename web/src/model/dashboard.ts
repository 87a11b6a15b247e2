/* dashboard: the place the reader is at, and what the server says about it. */
import { batch, computed, effect, signal } from "@preact/signals";
import { ComparisonSource } from "../api/comparison";
import { HttpSource } from "../api/http";
import { Evidence, Heat, Lists, Timeline } from "../api/lists";
import { Server } from "../api/server";
import { Place, addressOf, placeOf } from "./place";
import { kindOf, kindsOf } from "./kinds";
import { EVERYTHING, Selection, Span, folderOf, selectorOf, shortTime, spanOf, wordsOf } from "./selection";
import { Session } from "./session";
import { Mark, VERSIONS, beginnings, smooth } from "./steps";
import { Status } from "./status";
import { otherSelection, otherSpan } from "./versus";

export class Dashboard {
	readonly server = new Server();
	readonly lists = new Lists(this.server);
	readonly status = new Status();
	readonly session = new Session(this.status, true);
	readonly place = signal<Place>(placeOf(location.pathname, location.search));
	readonly now = signal(this.server.now()); // what "now" means; it moves when the reader says so
	readonly timeline = signal<Timeline | null>(null);
	readonly types = signal<string[]>([]); // that the service has in the range
	readonly marks = signal<Mark[]>([]); // where a new version began
	readonly heat = signal<Heat | null>(null);
	readonly evidence = signal<Evidence | null>(null);
	readonly picking = signal(false); // the next range dragged is what to compare with
	readonly services = signal<{ name: string; total: number }[]>([]);

	/* Who names no kind gets CPU time, or what there is instead. */
	readonly selection = computed<Selection>(() => {
		const { selection } = this.place.value;
		const types = this.types.value;
		const isThere = types.length === 0 || types.includes(kindOf(selection.type).type);

		if (selection.type !== EVERYTHING.type || isThere) return selection;
		return { ...selection, type: kindsOf(types)[0].short };
	});
	readonly range = computed<Span>(() => spanOf(this.selection.value, this.now.value));

	/* What the picture shows: the part that was picked, or all of the range. */
	readonly span = computed<Span>(() => this.place.value.at ?? this.range.value);
	readonly words = computed(() => wordsOf(this.selection.value, this.span.value));

	/* Where the server has the picture, with what the timeline is split by at its root. */
	readonly folder = computed(() => {
		const { group } = this.place.value;
		const words = new URLSearchParams(this.words.value);

		if (group) words.set("group", group);
		return folderOf(words);
	});
	private shown = "";

	start() {
		this.status.again = async () => {
			await this.lists.types(wordsOf(this.selection.peek(), this.range.peek()));
			this.refresh();
			this.session.reload();
		};
		addEventListener("popstate", () => this.arrive());
		effect(() => this.openPicture()); // first: a browser asks few things at a time
		effect(() => void this.loadTimeline());
		effect(() => void this.loadLists());
		effect(() => void this.loadMarks());
		effect(() => void this.loadHeat());
	}

	/* Another place; the browser's back button leads to this one. */
	go(change: Partial<Place>, how: { replace?: boolean } = {}) {
		const place = { ...this.place.value, ...change };
		const address = addressOf(place) + (place.page === "explore" ? location.hash : "");

		if (how.replace) history.replaceState(null, "", address);
		else history.pushState(null, "", address);
		this.place.value = place;
	}

	/* The same place with other samples. */
	select(change: Partial<Selection>, more: Partial<Place> = {}) {
		this.go({ page: "explore", selection: { ...this.selection.value, ...change }, ...more });
	}

	/* A link's address: the browser's own ways with links (another tab, copying) work too. */
	address(change: Partial<Selection>, more: Partial<Place> = {}): string {
		return addressOf({
			...this.place.value,
			page: "explore",
			selection: { ...this.selection.value, ...change },
			...more,
		});
	}

	refresh() {
		this.now.value = this.server.now();
	}

	/* One range later (1) or earlier (-1). */
	move(by: 1 | -1) {
		const [from, until] = this.range.value;
		const shift = by * (until - from);

		this.select({ from: shortTime(from + shift), until: shortTime(until + shift) }, { at: null });
	}

	private arrive() {
		this.place.value = placeOf(location.pathname, location.search);
	}

	/* Both sides, as /api/v1/diff wants them; null where nothing is compared. */
	readonly pairWords = computed<URLSearchParams | null>(() => {
		const { tab, versus } = this.place.value;

		if (tab !== "compare" || !versus) return null;
		const selection = this.selection.value;
		const other = otherSelection(versus, selection);
		const words = wordsOf(other, otherSpan(versus, this.span.value), "left_");

		for (const [name, value] of wordsOf(selection, this.span.value, "right_")) words.append(name, value);
		return words;
	});

	/* What was compared becomes what it is compared with. */
	swap() {
		const { versus, selection } = this.place.value;
		const span = this.span.value;

		if (!versus) return;
		const own = selection.filters.filter((f) => versus.filters.some((v) => v.name === f.name));
		const other = otherSpan(versus, span);
		const isTime = versus.at !== null || versus.ago !== "";

		this.select(otherSelection(versus, selection), {
			at: isTime ? other : this.place.value.at,
			versus: {
				ago: "",
				at: isTime ? span : null,
				filters: own,
				trace: versus.trace ? (selection.traces[0] ?? "") : "",
			},
		});
	}

	private openPicture() {
		const { page, group } = this.place.value;
		const pair = this.pairWords.value;
		const folder = pair ? pair.toString() : this.folder.value;

		if (this.server.locked.value) this.shown = "";
		if (page !== "explore" || this.server.locked.value || folder === this.shown) return;
		this.shown = folder;
		this.evidence.value = null;
		const opened = this.session.open(
			pair ? new ComparisonSource(this.server, pair) : new HttpSource(this.server, folder, group),
		);
		const words = this.words.value;

		/* Afterwards: it costs the server about as much as the picture. */
		if (!pair) void opened.then(() => this.loadEvidence(folder, words));
	}

	private async loadEvidence(folder: string, words: URLSearchParams) {
		if (this.shown !== folder) return;
		await this.status.attempt("what this rests on", async () => {
			const evidence = await this.lists.truth(words);

			if (this.shown === folder) this.evidence.value = evidence;
		});
	}

	/* A version that begins within the range is a mark on the timeline. */
	private async loadMarks() {
		const { page } = this.place.value;
		const selection = this.selection.value;
		const range = this.range.value;

		if (page !== "explore" || this.server.locked.value || !selection.service || selection.traces.length) {
			this.marks.value = [];
			return;
		}
		await this.status.attempt("versions", async () => {
			const words = wordsOf({ ...selection, filters: [], spans: [] }, range);
			const labels = await this.lists.labels(words);
			const label = VERSIONS.find((name) => labels.includes(name));
			const marks = label ? beginnings(await this.lists.timeline(words, label)) : [];

			if (range === this.range.peek() && this.selection.peek() === selection) this.marks.value = marks;
		});
	}

	private async loadHeat() {
		const { page, heat } = this.place.value;
		const words = wordsOf(this.selection.value, this.range.value);

		if (page !== "explore" || !heat || this.server.locked.value) return;
		await this.status.attempt("the heat map", async () => {
			this.heat.value = await this.lists.heatmap(words);
		});
	}

	private async loadTimeline() {
		const { page, group } = this.place.value;
		const words = wordsOf(this.selection.value, this.range.value);

		if (page !== "explore" || this.server.locked.value) return;
		const asked = words.toString() + group;

		this.asked = asked;
		await this.status.attempt("the timeline", async () => {
			const timeline = await this.lists.timeline(words, group);

			if (this.asked === asked) this.timeline.value = smooth(timeline);
		});
	}

	private asked = "";
	private listed = "";

	/* The kinds that the service has, and the services of this kind. */
	private async loadLists() {
		const { service, type } = this.selection.value;
		const range = this.range.value;
		const one = wordsOf({ ...EVERYTHING, service, type }, range);
		const all = new URLSearchParams(one);

		all.set("query", "{}");
		if (this.server.locked.value) this.listed = "";
		if (this.place.value.page !== "explore" || this.server.locked.value) return;
		const asked = one.toString();

		if (this.listed === asked) return;
		this.listed = asked;
		await this.status.attempt(service ? `the kinds of ${service}` : "the kinds", async () => {
			const [types, services] = await Promise.all([
				this.lists.types(one),
				this.lists.timeline(all, "service_name"),
			]);

			if (this.listed !== asked) return;
			batch(() => {
				this.types.value = types;
				this.services.value = services.lines.map(({ value, total }) => ({ name: value, total }));
			});
		});
	}

	/* The values of a label among what is selected but for that label, and how much each has. */
	async valuesOf(name: string): Promise<{ value: string; total: number }[]> {
		const filters = this.selection.value.filters.filter((f) => f.name !== name);
		const words = wordsOf({ ...this.selection.value, filters }, this.span.value);
		const timeline = await this.lists.timeline(words, name);

		return timeline.lines.map(({ value, total }) => ({ value, total }));
	}

	/* What asks the same in a terminal. */
	command(): string {
		const { tab, versus, at, selection: named } = this.place.value;
		const selection = this.selection.value;
		const span = this.span.value;

		if (tab === "compare" && versus)
			return `flyover diff ${[
				sourceOf(otherSelection(versus, selection), otherSpan(versus, span)),
				sourceOf(selection, span),
			].join(" ")}`;
		const moves = !at && named.until === "now";
		const words = [
			"flyover query",
			tab === "traces" ? "traces" : tab === "table" ? "top" : "flame",
			quoted(selectorOf(selection)),
			`--server ${quoted(location.origin)}`,
			`--type ${quoted(selection.type)}`,
			`--from ${moves ? named.from : Math.floor(span[0])}`,
			...(moves ? [] : [`--until ${Math.ceil(span[1])}`]),
			...selection.traces.map((trace) => `--trace ${trace}`),
			...selection.spans.map((one) => `--span ${one}`),
		];

		return words.join(" ");
	}
}

/* For a shell. */
function quoted(text: string): string {
	return `'${text.replace(/'/g, "'\\''")}'`;
}

/* What commands take as a SOURCE. */
function sourceOf(selection: Selection, span: Span): string {
	const words = new URLSearchParams({ from: String(Math.floor(span[0])), until: String(Math.ceil(span[1])) });

	for (const trace of selection.traces) words.append("trace", trace);
	return quoted(`${location.origin}/${selection.type}${selectorOf(selection)}?${words}`);
}
