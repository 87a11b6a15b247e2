/* lists: what a server says about what it keeps; see docs/SERVE.md. */
import { Server } from "./server";

const API = "/api/v1/";

export interface Line {
	value: string; // of the label that it was grouped by
	total: number;
	points: number[];
}

export interface Timeline {
	from: number; // seconds since 1970
	step: number;
	unit: string;
	lines: Line[]; // the largest total first
}

export interface TraceRow {
	trace: string;
	span: string; // "" of a whole trace
	service: string;
	total: number;
	from: number; // of the profiles that it is in
	until: number;
}

export interface Traces {
	found: number;
	unit: string;
	rows: TraceRow[];
}

export interface Host {
	host: string;
	covered: number; // share of the range
	gaps: [number, number][];
}

/* What a selection rests on. */
export interface Evidence {
	level: "well" | "care";
	line: string;
	sentences: string[];
	profiles: number;
	series: number;
	hosts: Host[];
	hosts_left_out: number;
	first?: number; // when the first profile begins and the last one ends; without profiles, none
	last?: number;
}

/* How many profiles (or traces) began when and had how much; cells[row][step], the least first. */
export interface Heat {
	from: number;
	step: number;
	unit: string;
	edges: number[];
	rows: number[][];
}

export interface Share {
	from: number;
	step: number;
	unit: string;
	whole: number[];
	total: number[];
}

export class Lists {
	constructor(private server: Server) {}

	private with(words: URLSearchParams, more: Record<string, string>): URLSearchParams {
		const all = new URLSearchParams(words);

		for (const [name, value] of Object.entries(more)) all.set(name, value);
		return all;
	}

	async types(words: URLSearchParams): Promise<string[]> {
		const all = new URLSearchParams(words);

		all.delete("type");
		return (await this.server.json(API + "types", all)).types;
	}

	async labels(words: URLSearchParams): Promise<string[]> {
		return (await this.server.json(API + "labels", words)).labels;
	}

	async timeline(words: URLSearchParams, group: string, step = ""): Promise<Timeline> {
		const more: Record<string, string> = {};

		if (group) more.group = group;
		if (step) more.step = step;
		return this.server.json(API + "timeline", this.with(words, more));
	}

	async truth(words: URLSearchParams): Promise<Evidence> {
		return this.server.json(API + "truth", words);
	}

	async heatmap(words: URLSearchParams): Promise<Heat> {
		return this.server.json(API + "heatmap", this.with(words, { rows: "16", by: "profile" }));
	}

	/* A function beside the whole. */
	async share(words: URLSearchParams, name: string): Promise<Share> {
		const body = await this.server.json(API + "share", this.with(words, { function: name }));
		const line = body.lines[0];

		return {
			from: body.from,
			step: body.step,
			unit: body.unit,
			whole: line?.whole ?? [],
			total: line?.functions[0].total ?? [],
		};
	}

	/* The functions of a selection with the most self time, the most first. */
	async hottest(words: URLSearchParams, n: number): Promise<{ name: string; share: number }[]> {
		const body = await this.server.json(API + "top", this.with(words, { max_nodes: "2000" }));

		return body.functions
			.filter((row: { name: string; self: number }) => row.name !== "other" && row.self > 0)
			.sort((a: { self: number }, b: { self: number }) => b.self - a.self)
			.slice(0, n)
			.map((row: { name: string; self: number }) => ({ name: row.name, share: row.self / body.whole }));
	}

	async traces(words: URLSearchParams, by: "trace" | "span", limit: number): Promise<Traces> {
		const body = await this.server.json(
			API + "traces",
			this.with(words, { by, limit: String(limit) }),
		);

		return {
			found: body.found,
			unit: body.unit,
			rows: body.traces.map((row: Record<string, string | number>) => ({
				trace: row.trace_id,
				span: row.span_id ?? "",
				service: row.service,
				total: row.total,
				from: row.from,
				until: row.until,
			})),
		};
	}
}
