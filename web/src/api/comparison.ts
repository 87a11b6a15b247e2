/* comparison: the source of two selections of a server, side by side. */
import { Layout } from "../draw/layout";
import { localPeek, localTop } from "../model/count";
import { decode } from "./decode";
import { Server } from "./server";
import { ChangeRow, Meta, Question, Source } from "./source";

const FEW = 100; // samples; with fewer any share is doubtful

export class ComparisonSource implements Source {
	private layout: Promise<Layout> | null = null;

	/* `words` have what the two are, as left_… (before) and right_… */
	constructor(
		private server: Server,
		private words: URLSearchParams,
	) {}

	async meta(): Promise<Meta> {
		const words = new URLSearchParams(this.words);

		words.set("all", "1");
		const body = await this.server.json("/api/v1/diff", words);
		const samples: [number, number] = [body.base.samples ?? 0, body.new.samples ?? 0];
		const few = samples.some((n) => n < FEW);

		return {
			title: "",
			version: "",
			types: [{ name: "", unit: body.unit, total: body.new.whole }],
			default_type: 0,
			groups: [],
			samples: Math.min(...samples),
			truth: {
				level: few ? "care" : "well",
				line: `${count(samples[0])} samples before · ${count(samples[1])} samples after`,
				sentences: few
					? [`With so few samples only large changes can be told from chance. Choose longer ranges.`]
					: [],
			},
			downloads: [],
			pair: {
				samples,
				wholes: [body.base.whole, body.new.whole],
				significant: body.n_significant,
				rows: body.functions.map(rowOf),
			},
		};
	}

	flame(): Promise<Layout> {
		this.layout ??= this.server
			.bytes("/api/v1/diff/flame?" + this.words.toString())
			.then(decode)
			.catch((error) => {
				this.layout = null;
				throw error;
			});
		return this.layout;
	}

	expect() {}

	whole() {
		return this.flame();
	}

	async top() {
		return { rows: localTop(await this.flame()), leftOut: 0 };
	}

	async peek(_: Question, name: string) {
		return localPeek(await this.flame(), name);
	}

	async lines() {
		return null;
	}

	download() {
		return null;
	}
}

function count(n: number): string {
	return n.toLocaleString("en");
}

function rowOf(row: Record<string, never>): ChangeRow {
	return {
		name: row.name,
		module: row.module,
		self: [row.base_self, row.self],
		total: [row.base_total, row.total],
		shares: [row.base_share, row.share],
		interval: [row.low, row.high],
		sure: row.significant,
		isNew: row.new,
		isGone: row.gone,
	};
}
