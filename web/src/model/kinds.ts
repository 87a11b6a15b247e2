/* kinds: what is sampled, in words; the server names it in five parts. */

export interface Kind {
	type: string; // as the server has it
	short: string; // as it stands in an address
	label: string;
	hint: string;
}

/* In the order in which they are offered. */
const KNOWN: [string, string, string, string][] = [
	["process_cpu:cpu:nanoseconds:cpu:nanoseconds", "cpu", "CPU", "Time on a processor"],
	["wall:wall:nanoseconds:wall:nanoseconds", "wall", "Wall", "Time that passed, working or waiting"],
	["off_cpu:off_cpu:nanoseconds:off_cpu:nanoseconds", "", "Off-CPU", "Time spent waiting"],
	["memory:alloc_space:bytes:space:bytes", "alloc_space", "Alloc", "Bytes allocated"],
	["memory:alloc_objects:count:space:bytes", "alloc_objects", "Alloc #", "Objects allocated"],
	["memory:inuse_space:bytes:space:bytes", "inuse_space", "Heap", "Bytes that live"],
	["memory:inuse_objects:count:space:bytes", "inuse_objects", "Heap #", "Objects that live"],
	["mutex:delay:nanoseconds:contentions:count", "mutex", "Locks", "Time lost by holding locks"],
	["mutex:contentions:count:contentions:count", "", "Locks #", "How often a lock was waited for"],
	["block:delay:nanoseconds:contentions:count", "block", "Waits", "Time spent waiting for others"],
	["block:contentions:count:contentions:count", "", "Waits #", "How often others were waited for"],
	["goroutine:goroutine:count:goroutine:count", "goroutines", "Goroutines", "Goroutines there are"],
	["process_cpu:samples:count:cpu:nanoseconds", "samples", "Samples", "Stack samples of CPU time"],
];

export function kindOf(type: string): Kind {
	const known = KNOWN.find((k) => k[0] === type || k[1] === type);

	if (known) return { type: known[0], short: known[1] || known[0], label: known[2], hint: known[3] };
	const [name, what] = type.split(":");

	return { type, short: type, label: what && what !== name ? `${name} ${what}` : name, hint: type };
}

/* Those of a server, the known ones first. */
export function kindsOf(types: string[]): Kind[] {
	const place = (type: string) => {
		const at = KNOWN.findIndex((k) => k[0] === type);

		return at < 0 ? KNOWN.length : at;
	};

	return [...types].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1)).map(kindOf);
}

export function unitOf(type: string): string {
	return kindOf(type).type.split(":")[2] ?? "";
}

/* Values that say how much there is, not how much was added: the server gives their mean. As level.c has it. */
export function isLevel(type: string): boolean {
	return /^memory:(inuse_space|inuse_objects|space|objects|live):|:(goroutine|thread)s?:count:/.test(kindOf(type).type);
}
