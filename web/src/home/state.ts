/* state: what the list of services shows; what the reader chose is in the address. */
import { computed, signal } from "@preact/signals";

export interface Service {
	name: string;
	total: number;
	points: number[];
}

export interface Kind {
	type: string;
	label: string;
}

/* What is offered if the server has it. */
export const KINDS: Kind[] = [
	{ type: "process_cpu:cpu:nanoseconds:cpu:nanoseconds", label: "CPU" },
	{ type: "memory:alloc_space:bytes:space:bytes", label: "Allocations" },
	{ type: "memory:inuse_space:bytes:space:bytes", label: "Live heap" },
	{ type: "block:delay:nanoseconds:contentions:count", label: "Waiting" },
	{ type: "mutex:delay:nanoseconds:contentions:count", label: "Locks" },
	{ type: "wall:wall:nanoseconds:wall:nanoseconds", label: "Wall clock" },
];

export const RANGES = [
	{ from: "now-5m", label: "5 min", seconds: 300 },
	{ from: "now-1h", label: "1 hour", seconds: 3600 },
	{ from: "now-6h", label: "6 hours", seconds: 21600 },
	{ from: "now-24h", label: "24 hours", seconds: 86400 },
];

const EVERY_MS = 10_000;

/* The path of the flame graph of a selection (src/server/spelling.h). */
export function viewPath(words: Record<string, string>): string {
	const bytes = new TextEncoder().encode(new URLSearchParams(words).toString());
	const text = btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(""));

	return `/view/${text.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "")}/`;
}

export class HomeState {
	readonly from = signal("now-1h");
	readonly type = signal(KINDS[0].type);
	readonly types = signal<string[]>([]);
	readonly services = signal<Service[] | null>(null);
	readonly trouble = signal("");
	readonly needle = signal("");
	readonly shown = computed(() => {
		const needle = this.needle.value.toLowerCase();

		return (this.services.value ?? []).filter((s) => s.name.toLowerCase().includes(needle));
	});
	readonly seconds = computed(
		() => RANGES.find((r) => r.from === this.from.value)?.seconds ?? 3600,
	);
	readonly unit = computed(() => this.type.value.split(":")[2]);
	private asked = 0;

	start() {
		const words = new URLSearchParams(location.search);

		if (RANGES.some((r) => r.from === words.get("from"))) this.from.value = words.get("from")!;
		if (words.get("type")) this.type.value = words.get("type")!;
		if (words.get("search")) this.needle.value = words.get("search")!;
		void this.load();
		setInterval(() => document.visibilityState === "visible" && void this.load(), EVERY_MS);
	}

	choose(change: { from?: string; type?: string; search?: string }) {
		if (change.from !== undefined) this.from.value = change.from;
		if (change.type !== undefined) this.type.value = change.type;
		if (change.search !== undefined) this.needle.value = change.search;
		const words = new URLSearchParams({ from: this.from.value, type: this.type.value });

		if (this.needle.value) words.set("search", this.needle.value);
		history.replaceState(null, "", "?" + words.toString());
		if (change.search === undefined) void this.load();
	}

	/* The last good list stays while the server is gone. */
	async load() {
		const mine = ++this.asked;
		const range = { from: this.from.value };
		const words = { ...range, type: this.type.value, group: "service_name" };

		try {
			const types = await get("types", range);
			const timeline = await get("timeline", words);

			if (mine !== this.asked) return;
			this.types.value = types.types;
			this.services.value = timeline.lines.map(
				(line: { value: string; total: number; points: number[] }) => ({
					name: line.value,
					total: line.total,
					points: line.points,
				}),
			);
			this.trouble.value = "";
		} catch (error) {
			if (mine !== this.asked) return;
			this.trouble.value = error instanceof Error ? error.message : String(error);
		}
	}
}

async function get(path: string, words: Record<string, string>) {
	const reply = await fetch(`/api/v1/${path}?${new URLSearchParams(words).toString()}`, {
		redirect: "error",
	});
	const body = await reply.json();

	if (!reply.ok) throw new Error(body.message ?? `the server answered ${reply.status}`);
	return body;
}
