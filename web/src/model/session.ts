/* session: what the reader chose and what the source gave, joined into what the views show. */
import { batch, computed, effect, signal } from "@preact/signals";
import { Code, Lines, Peek, Question, Refused, Source, Top, Meta, Unreachable } from "../api/source";
import { Layout, idOf, nodeOf, parentOf } from "../draw/layout";
import { localPeek, localTop } from "./count";
import { Matches, matchedWithin, search } from "./search";
import { START, Undo, View, fromHash, toHash } from "./state";
import { Status } from "./status";
import { Sides, Transform, sidesOf, transform } from "./transform";

const DEEPER_MS = 120; // a free zoom rests so long before more detail is asked for
const TYPING_MS = 120;
const SEARCH_AT_ONCE = 50_000; // nodes

export class Session {
	readonly view = signal<View>(fromHash(location.hash));
	readonly meta = signal<Meta | null>(null);
	readonly status: Status;
	readonly current = signal(-1); // id of the node the keyboard is on
	readonly canUndo = signal(false);
	readonly top = signal<Top | null>(null);
	readonly peek = signal<Peek | null>(null);
	readonly code = signal<{ of: string; file: string; code: Code | null; why: string } | null>(null);
	readonly lines = signal<{ of: string; lines: Lines } | null>(null);

	private base = signal<Layout | null>(null); // the whole width
	private deep = signal<Layout | null>(null); // the zoomed part in more detail
	private undoSteps = new Undo();
	private source: Source | null = null;
	private opened = signal(0); // counts the sources
	private follows = false;
	private isStep = false; // what changes the view now is one
	private asked = 0;
	private topFor = "";
	private deeperTimer = 0;
	private settleTimer = 0;

	readonly type = computed(() => {
		const meta = this.meta.value;
		const wanted = this.view.value.type;

		return meta && wanted >= 0 && wanted < meta.types.length ? wanted : meta?.default_type ?? 0;
	});

	readonly question = computed<Question>(
		() => ({ type: this.type.value, group: this.view.value.group }),
	);

	readonly unit = computed(() => this.meta.value?.types[this.type.value]?.unit ?? "");
	readonly layout = computed(() => this.deep.value ?? this.base.value);
	readonly all = computed(() => this.base.value?.total[0] ?? 0);

	/* The node zoomed to, in the layout shown. */
	readonly focus = computed(() => {
		const layout = this.layout.value;

		return layout ? Math.max(0, nodeOf(layout, this.view.value.zoom)) : 0;
	});

	readonly visible = computed<[number, number]>(() => {
		const layout = this.layout.value;
		const node = this.focus.value;

		if (!layout || layout.count === 0) return [0, 0];
		return this.view.value.range ?? extent(layout, node);
	});

	/* Is the range another one than that of the zoomed node? */
	readonly free = computed(() => {
		const layout = this.layout.value;
		const range = this.view.value.range;

		if (!layout || !range) return false;
		const [x0, x1] = extent(layout, this.focus.value);

		return range[0] !== x0 || range[1] !== x1;
	});

	readonly searchError = signal("");

	readonly settled = signal(this.view.value.search); // what is searched for: typing has rested

	readonly matches = computed<Matches | null>(() => {
		const layout = this.layout.value;
		const text = this.settled.value;
		const { regex, matchCase } = this.view.value;

		if (!layout || !text) return null;
		try {
			return search(layout, { text, regex, matchCase });
		} catch (error) {
			return null;
		}
	});

	readonly matched = computed(() => {
		const matches = this.matches.value;
		const [x0, x1] = this.visible.value;

		if (!matches || !(x1 > x0)) return null;
		return {
			ofVisible: matchedWithin(matches, x0, x1) / (x1 - x0),
			ofAll: this.all.value ? matches.all / this.all.value : 0,
		};
	});

	readonly selectedName = computed(() => {
		const layout = this.layout.value;
		const name = this.view.value.selected;

		return layout && name !== null ? findName(layout, name) : -1;
	});

	/* Of a picture that is all here. */
	readonly sides = computed<Sides | null>(() => {
		const base = this.base.value;
		const { sides, selected } = this.view.value;

		return sides && selected !== null && base && !base.id ? sidesOf(base, selected) : null;
	});

	/* `steps`: the browser's back button takes steps back too. */
	constructor(
		status = new Status(),
		private steps = false,
	) {
		this.status = status;
	}

	/* Shows another profile; the one before stays until this one is there. Its picture is on its way
	 * while the page learns what it is of. */
	async open(source: Source) {
		const first = this.source === null;
		const { type, transforms, group } = this.view.peek();

		if (type < 0 && !transforms.length) source.expect(group);

		this.source = source;
		await this.status.attempt("the profile", async () => {
			const meta = await source.meta();

			if (source !== this.source) return;
			batch(() => {
				if (!first) this.view.value = { ...this.view.value, zoom: 0, range: null };
				this.meta.value = meta;
				this.code.value = null;
				this.opened.value++;
			});
		});
		if (this.meta.value && !this.follows) this.follow();
	}

	/* For a page of one profile. */
	async start(source: Source) {
		this.status.again = async () => {
			await source.meta();
			this.reload();
		};
		await this.open(source);
	}

	reload() {
		if (this.follows) this.opened.value++;
	}

	private follow() {
		this.follows = true;
		effect(() => void this.load(this.opened.value, this.question.value, this.view.value.transforms));
		effect(() => this.wantDeeper(this.base.value, this.visible.value));
		effect(() => this.wantSelected());
		effect(() => void this.loadLines(this.opened.value));
		effect(() => void this.loadTop(this.opened.value));
		effect(() => this.checkSearch());
		effect(() => this.settle(this.view.value.search));
		effect(() => this.writeAddress(this.view.value));
		addEventListener("hashchange", () => {
			if (location.hash.slice(1) !== toHash(this.view.value))
				this.view.value = fromHash(location.hash);
		});
	}

	private writeAddress(view: View) {
		const hash = toHash(view);

		if (hash === location.hash.slice(1)) return;
		const address = hash ? "#" + hash : location.pathname + location.search;

		if (this.steps && this.isStep) history.pushState(null, "", address);
		else history.replaceState(null, "", address);
		this.isStep = false;
	}

	/* Changes the view. A step can be undone; typing and resting states are no steps. */
	set(change: Partial<View>, step = true) {
		this.isStep = step;
		if (step) {
			this.undoSteps.push(this.view.value);
			this.canUndo.value = true;
		}
		this.view.value = { ...this.view.value, ...change };
	}

	undo() {
		const view = this.undoSteps.pop();
		const { side, sort, filter, selected } = this.view.value;

		/* What lies beside the picture was no step. */
		if (view) this.view.value = { ...view, side, sort, filter, selected };
		this.canUndo.value = !this.undoSteps.empty;
	}

	/* Back to the whole picture; what is shown beside it stays. */
	reset() {
		const { type, group, icicle, side, sort } = this.view.value;

		this.set({ ...START, type, group, icicle, side, sort });
		this.current.value = -1;
	}

	zoomTo(node: number) {
		const layout = this.layout.value;

		if (!layout) return;
		const zoom = idOf(layout, node);

		if (zoom === this.view.value.zoom && !this.free.value) return;
		/* A pruned picture may not have the node when the link is opened again: say where it is. */
		this.set({ zoom, range: this.base.value?.id && zoom ? extent(layout, node) : null });
	}

	zoomOut() {
		const layout = this.layout.value;

		if (!layout) return;
		if (this.view.value.sides) this.set({ sides: false });
		else if (this.free.value) this.set({ range: null });
		else if (this.focus.value > 0) this.zoomTo(Math.max(0, parentOf(layout, this.focus.value)));
	}

	select(name: string | null) {
		if (name === this.view.value.selected) return;
		const side = this.view.value.side;

		this.set({ selected: name, side: name !== null && side === "top" ? "function" : side }, false);
	}

	transform(by: Transform) {
		this.set({ transforms: [...this.view.value.transforms, by], zoom: 0, range: null });
		this.current.value = -1;
	}

	download(format: string): string | null {
		return this.source!.download(this.question.value, format);
	}

	private async load(_: number, question: Question, transforms: Transform[]) {
		const ask = ++this.asked;
		const source = this.source!;

		await this.status.attempt("the flame graph", async () => {
			let layout: Layout | null = transforms.length
				? await source.whole(question)
				: await source.flame(question, null);

			if (!layout) throw new Refused("This profile is too large to rearrange in the page.");
			for (const by of transforms) layout = transform(layout, by);
			if (ask !== this.asked) return;
			this.deep.value = null;
			this.base.value = layout;
		});
	}

	/* A pruned picture gets more detail for what is looked at, and is made whole for a search. */
	private wantDeeper(base: Layout | null, [x0, x1]: [number, number]) {
		const { search, sides, selected } = this.view.value;
		const wantsWhole = search !== "" || (sides && selected !== null);

		clearTimeout(this.deeperTimer);
		if (!base?.id) {
			this.deep.value = null;
			return;
		}
		if (wantsWhole) {
			void this.makeWhole();
			return;
		}
		if (x1 - x0 > base.total[0] * 0.999) {
			this.deep.value = null;
			return;
		}
		/* A frame that was picked is looked at; a range may still be moving. */
		this.deeperTimer = window.setTimeout(
			() => void this.loadDeeper(x0, x1),
			this.free.peek() ? DEEPER_MS : 0,
		);
	}

	private async loadDeeper(x0: number, x1: number) {
		const ask = this.asked;

		await this.status.attempt("more detail", async () => {
			const layout = await this.source!.flame(this.question.value, [x0, x1]);
			const now = this.visible.peek();

			if (ask === this.asked && now[0] === x0 && now[1] === x1) this.deep.value = layout;
		});
	}

	private async makeWhole() {
		const ask = this.asked;

		await this.status.attempt("all frames", async () => {
			const whole = await this.source!.whole(this.question.value);

			if (!whole && this.view.peek().sides)
				throw new Refused("This picture is too large to be turned to one function: select less.");
			if (!whole || ask !== this.asked) return;
			this.deep.value = null;
			this.base.value = whole;
		});
	}

	private async loadTop(opened: number) {
		const question = this.question.value;
		const base = this.base.value;
		const changed = this.view.value.transforms.length > 0;
		const key = `${opened} ${question.type} ${question.group}`;

		if (!base) return;
		if (changed) {
			this.topFor = "";
			this.top.value = { rows: localTop(base), leftOut: 0 };
		} else if (this.topFor !== key) {
			this.topFor = key;
			await this.status.attempt("the table", async () => {
				const top = await this.source!.top(question);

				if (this.topFor === key) this.top.value = top;
			});
		}
	}

	private wantSelected() {
		const name = this.view.value.selected;
		const question = this.question.value;
		const base = this.base.value;

		if (name === null || !base) this.peek.value = null;
		else if (this.view.value.transforms.length) this.peek.value = localPeek(base, name);
		else
			void this.status.attempt("callers and callees", async () => {
				const peek = await this.peekOf(question, name, base);

				if (this.view.peek().selected === name) this.peek.value = peek;
			});
	}

	/* What was done to the picture did not change where its samples were taken. */
	private async loadLines(_: number) {
		const name = this.view.value.selected;
		const question = this.question.value;
		const source = this.source!;

		if (name === null) return;
		await this.status.attempt("the lines", async () => {
			const lines = await source.lines(question, name);

			if (source === this.source && this.view.peek().selected === name)
				this.lines.value = lines && { of: name, lines };
		});
	}

	/* Asked for by who shows it: in most functions nobody looks at it. */
	async loadCode(name: string, file: string) {
		const source = this.source!;
		let code: Code | null = null;
		let why = "";

		if (this.code.peek()?.of === name && this.code.peek()?.file === file) return;
		this.code.value = { of: name, file, code, why };
		try {
			code = (await source.code?.(this.question.peek(), name, file)) ?? null;
		} catch (error) {
			why = error instanceof Error ? error.message : String(error);
		}
		if (this.code.peek()?.of === name && this.code.peek()?.file === file)
			this.code.value = { of: name, file, code, why };
	}

	/* A picture that is all here answers too when the source does not. */
	private async peekOf(question: Question, name: string, base: Layout): Promise<Peek> {
		try {
			return await this.source!.peek(question, name);
		} catch (error) {
			if (error instanceof Unreachable && !base.id) this.peek.value = localPeek(base, name);
			throw error;
		}
	}

	/* In a large picture each search takes a moment: not one for each letter typed. */
	private settle(text: string) {
		clearTimeout(this.settleTimer);
		if ((this.layout.peek()?.count ?? 0) < SEARCH_AT_ONCE) this.settled.value = text;
		else this.settleTimer = window.setTimeout(() => (this.settled.value = text), TYPING_MS);
	}

	private checkSearch() {
		const { search: text, regex, matchCase } = this.view.value;

		this.searchError.value = "";
		if (!regex || !text) return;
		try {
			new RegExp(text, matchCase ? "" : "i");
		} catch (error) {
			this.searchError.value = String(error instanceof Error ? error.message : error);
		}
	}
}

function extent(layout: Layout, node: number): [number, number] {
	return [layout.start[node], layout.start[node] + layout.total[node]];
}

/* The text id of a name, or -1. */
function findName(layout: Layout, name: string): number {
	const { frames } = layout;

	for (let i = 0; i < frames.count; i++)
		if (frames.texts.at(frames.name[i]) === name) return frames.name[i];
	return -1;
}
