/* http: the source of a page that a flyover server sent. */
import { localPeek } from "../model/count";
import { decode } from "./decode";
import { Server } from "./server";
import { Code, Lines, Meta, Peek, Question, Refused, Source, Top } from "./source";

// Below /view/SELECTION/ a server shows one selection of many: its API is there.
const PATH = globalThis.location?.pathname ?? "/";
const HERE = /^\/view\/[^/]+\//.exec(PATH)?.[0] ?? "/";
const ADDRESS_MAX = 8000; // servers take no longer ones

/* Into how many steps a picture is cut, so that none is wider than half a pixel of this screen: a power
 * of two, as src/render/layout.h takes them. */
function screenSteps(): number {
	const pixels = (globalThis.innerWidth || 1920) * (globalThis.devicePixelRatio || 1);

	return Math.min(16384, Math.max(1024, 2 ** Math.ceil(Math.log2(2 * pixels))));
}

export class HttpSource implements Source {
	private expected: { group: string; bytes: Promise<ArrayBuffer> } | null = null;
	private defaultType = -1;
	private base: string;

	/* `at` is the folder that the profile's API lies in; `group` a label whose values are always
	 * put at the root, whatever the question says. */
	constructor(
		private server = new Server(),
		at = HERE,
		private group = "",
	) {
		this.base = at + "api/v1/";
	}

	private query(question: Question, more: Record<string, string> = {}): string {
		const words = new URLSearchParams({ type: String(question.type), ...more });
		const group = this.group || question.group;

		if (group) words.set("group", group);
		return words.toString();
	}

	private get(path: string): Promise<ArrayBuffer> {
		return this.server.bytes(this.base + path);
	}

	private getJson(path: string) {
		return this.server.json(this.base + path);
	}

	async meta(): Promise<Meta> {
		const meta: Meta = await this.getJson("about");

		this.defaultType = meta.default_type;
		return meta;
	}

	expect(group: string) {
		const words = new URLSearchParams({ steps: String(screenSteps()), fresh: "1" });

		if (this.group || group) words.set("group", this.group || group);
		const bytes = this.get(`flame?${words}`);

		bytes.catch(() => undefined); // who asks for it will be told
		this.expected = { group, bytes };
	}

	/* What is on its way, once: a failure is not handed out again. */
	private takeExpected(question: Question): Promise<ArrayBuffer> | null {
		const { expected } = this;

		this.expected = null;
		if (expected?.group !== question.group || question.type !== this.defaultType) return null;
		return expected.bytes;
	}

	async flame(question: Question, range: [number, number] | null) {
		const more: Record<string, string> = { steps: String(screenSteps()) };

		if (range) {
			more.from = String(Math.floor(range[0]));
			more.to = String(Math.ceil(range[1]));
		}
		const expected = range ? null : this.takeExpected(question);

		return decode(await (expected ?? this.get("flame?" + this.query(question, more))));
	}

	async whole(question: Question) {
		try {
			return decode(await this.get("flame?" + this.query(question, { whole: "1" })));
		} catch (error) {
			if (error instanceof Refused && error.name === "TooLarge") return null;
			throw error;
		}
	}

	async top(question: Question): Promise<Top> {
		const body = await this.getJson("top?" + this.query(question));

		return {
			rows: body.rows.map((row: [string, string, number, number, number, number]) => ({
				name: row[0],
				module: row[1],
				kind: row[2],
				family: row[3],
				self: row[4],
				total: row[5],
			})),
			leftOut: body.left_out,
		};
	}

	async peek(question: Question, name: string): Promise<Peek> {
		const path = "peek?" + this.query(question, { name });

		if (path.length > ADDRESS_MAX) {
			const whole = await this.whole(question);

			if (!whole) throw new Refused("The name of this function is too long to ask for.");
			return localPeek(whole, name);
		}
		const body = await this.getJson(path);
		const rows = (list: [string, number][]) =>
			list.map(([name, value]) => ({ name, value }));

		return { ...body, callers: rows(body.callers), callees: rows(body.callees) };
	}

	async lines(question: Question, name: string): Promise<Lines | null> {
		const path = "lines?" + this.query(question, { name });

		if (path.length > ADDRESS_MAX) return null;
		const body = await this.getJson(path);

		return {
			rows: body.lines.map(([file, line, self, total]: [string, number, number, number]) => ({
				file,
				line,
				self,
				total,
			})),
			leftOut: body.left_out,
		};
	}

	async code(question: Question, name: string, file: string): Promise<Code> {
		const { left_out, ...rest } = await this.getJson("source?" + this.query(question, { name, file }));

		return { ...rest, leftOut: left_out };
	}

	download(question: Question, format: string) {
		return `${this.base}profile?${this.query(question, { format })}`;
	}
}
