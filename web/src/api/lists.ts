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
