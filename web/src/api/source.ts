/* source: where a page's profile comes from: a server, or the document itself. */
import { Kind, Layout } from "../draw/layout";

export interface SampleType {
	name: string;
	unit: string;
	total: number;
}

export interface Truth {
	level: "well" | "care";
	line: string; // "2,970 samples · 99.8 % complete · …"
	sentences: string[]; // what to know, and what to do
}

export interface Download {
	format: string;
	file: string;
	what: string;
}

export interface Meta {
	title: string;
	version: string;
	types: SampleType[];
	default_type: number;
	groups: string[]; // label keys whose values can be put at the root
	samples: number; // stack samples taken; 0 when the values are no counts of samples
	truth: Truth;
	downloads: Download[];
	source?: boolean; // the code of functions may be asked for
	partial?: boolean; // some of its frames stand for others that were cut off
	pair?: Comparison; // of a comparison
}

/* Two selections: index 0 is what it was before. */
export interface Comparison {
	samples: [number, number];
	wholes: [number, number];
	significant: number;
	rows: ChangeRow[]; // the largest change first
}

/* A function on both sides; shares go from 0 to 1. */
export interface ChangeRow {
	name: string;
	module: string;
	self: [number, number];
	total: [number, number];
	shares: [number, number]; // of the totals
	interval: [number, number]; // 95 %, of the difference of the shares
	sure: boolean; // more than chance explains
	isNew: boolean;
	isGone: boolean;
}

/* One function, counted once in each sample. */
export interface TopRow {
	name: string;
	module: string;
	kind: Kind; // "inlined" only when it is so everywhere
	family: Kind; // of its module's code
	self: number;
	total: number;
}

export interface Top {
	rows: TopRow[];
	leftOut: number; // functions that were too many to send
}

export interface PeekRow {
	name: string;
	value: number;
}

export interface Peek {
	self: number;
	total: number;
	callers: PeekRow[]; // largest first; not the function itself, and nobody where stacks start
	callees: PeekRow[];
}

/* A line of a function; "" and 0 where the samples do not say. */
export interface LineRow {
	file: string;
	line: number;
	self: number;
	total: number;
}

export interface Lines {
	rows: LineRow[]; // by file and line
	leftOut: number;
}

/* The part of a file that samples of a function are in. */
export interface Code {
	file: string;
	first: number; // the line that lines[0] is
	lines: string[];
	leftOut: number;
	changed: boolean; // since the first of the samples
}

/* A picture: of a sample type, grouped by a label or not. */
export interface Question {
	type: number;
	group: string; // "" = not grouped
}

export interface Source {
	meta(): Promise<Meta>;

	/* What this screen can show of [x0, x1] (null: of everything); all of a small profile. */
	flame(question: Question, range: [number, number] | null): Promise<Layout>;

	/* The picture of the default type will be asked for: it may be fetched now. */
	expect(group: string): void;

	/* Every node; null when there are more than the source hands out. */
	whole(question: Question): Promise<Layout | null>;

	top(question: Question): Promise<Top>;
	peek(question: Question, name: string): Promise<Peek>;

	/* Null: the source does not know them. */
	lines(question: Question, name: string): Promise<Lines | null>;

	/* The code of a function in one of the files of its lines; refused where it cannot be had. */
	code?(question: Question, name: string, file: string): Promise<Code>;

	/* The address of a file in that format, or null when the source has none. */
	download(question: Question, format: string): string | null;
}

/* The source is there but says no, … */
export class Refused extends Error {}

/* … or it cannot be reached: what was fetched before is still good. */
export class Unreachable extends Error {}
