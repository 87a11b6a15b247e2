/* make_profile: folded stacks for the page to show: a small service, and as large a one as asked. */

/* Numbers that look random and are the same every time (Mulberry32). */
export function generator(seed) {
	return () => {
		seed = (seed + 0x6d2b79f5) | 0;
		let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);

		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}

/* About `nodes` different call paths, deep and narrow as real programs are. */
export function largeFolded(nodes, names = 20000, seed = 7) {
	const random = generator(seed);
	const lines = [];
	let made = 0;
	let stack = ["main"];

	while (made < nodes) {
		const keep = 1 + Math.floor((stack.length - 1) * Math.sqrt(random()));
		const grow = 1 + Math.floor(random() * 24);

		stack = stack.slice(0, keep);
		for (let i = 0; i < grow && stack.length < 90; i++) {
			const name = Math.floor(random() ** 2 * names);

			stack.push(`pkg${name % 40}::module${name % 400}::function_${name}`);
			made++;
		}
		lines.push(`${stack.join(";")} ${1 + Math.floor(random() ** 4 * 400)}`);
	}
	return lines.join("\n") + "\n";
}
