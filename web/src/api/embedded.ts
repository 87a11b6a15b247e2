/* embedded: the source of a self-contained file: its profile lies in it as inert base64 text. */
import { Layout } from "../draw/layout";
import { localPeek, localTop } from "../model/count";
import { decode } from "./decode";
import { Meta, Question, Refused, Source } from "./source";

async function unpack(block: Element): Promise<ArrayBuffer> {
	const text = atob(block.textContent!.trim());
	const bytes = new Uint8Array(text.length);

	for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
	const unzipped = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));

	return new Response(unzipped).arrayBuffer();
}

export class EmbeddedSource implements Source {
	private layouts = new Map<string, Promise<Layout>>();

	constructor(private document: Document) {}

	async meta(): Promise<Meta> {
		const block = this.document.getElementById("profile-about")!;

		return JSON.parse(new TextDecoder().decode(await unpack(block)));
	}

	flame(question: Question): Promise<Layout> {
		const key = `profile-${question.type}-${question.group}`;
		let layout = this.layouts.get(key);

		if (!layout) {
			const block = this.document.getElementById(key);

			if (!block) return Promise.reject(new Refused("This file does not hold that view."));
			layout = unpack(block).then(decode);
			this.layouts.set(key, layout);
		}
		return layout;
	}

	expect() {}

	whole(question: Question) {
		return this.flame(question);
	}

	async top(question: Question) {
		return { rows: localTop(await this.flame(question)), leftOut: 0 };
	}

	async peek(question: Question, name: string) {
		return localPeek(await this.flame(question), name);
	}

	async lines() {
		return null;
	}

	download() {
		return null;
	}
}
