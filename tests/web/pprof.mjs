/* pprof: the few fields of profile.proto that a page's test needs, written by hand. */

const varint = (n) => {
	const bytes = [];

	for (; n >= 128; n = Math.floor(n / 128)) bytes.push((n % 128) | 128);
	return [...bytes, n];
};
const number = (field, n) => [...varint(field * 8), ...varint(n)];
const bytes = (field, body) => [...varint(field * 8 + 2), ...varint(body.length), ...body];

/* samples: [{ stack: [root … leaf], values: [n …], labels: { key: text } }]; types: [[name, unit] …];
 * period: [name, unit, value]. A frame is a name, or "name file.c:12". */
export function pprof({ types, samples, comments = [], period = null }) {
	const strings = [""];
	const text = (s) => {
		const at = strings.indexOf(s);

		return at >= 0 ? at : strings.push(s) - 1;
	};
	const names = [...new Set(samples.flatMap((s) => s.stack))];
	const out = [];

	for (const [type, unit] of types)
		out.push(...bytes(1, [...number(1, text(type)), ...number(2, text(unit))]));
	for (const sample of samples) {
		const body = sample.stack
			.slice()
			.reverse()
			.flatMap((name) => number(1, names.indexOf(name) + 1));

		body.push(...sample.values.flatMap((n) => number(2, n)));
		for (const [key, value] of Object.entries(sample.labels ?? {}))
			body.push(...bytes(3, [...number(1, text(key)), ...number(2, text(value))]));
		out.push(...bytes(2, body));
	}
	names.forEach((frame, i) => {
		const [, name, file, line] = /^(\S+) (\S+):(\d+)$/.exec(frame) ?? [frame, frame, "", "0"];
		const names = [...number(2, text(name)), ...number(3, text(name))];

		out.push(...bytes(4, [...number(1, i + 1), ...bytes(4, [...number(1, i + 1), ...number(2, Number(line))])]));
		out.push(...bytes(5, [...number(1, i + 1), ...names, ...number(4, text(file))]));
	});
	if (period) {
		const [type, unit, value] = period;

		out.push(...bytes(11, [...number(1, text(type)), ...number(2, text(unit))]), ...number(12, value));
	}
	for (const comment of comments) out.push(...number(13, text(comment)));
	/* Long ones are no arguments of a call. */
	return Uint8Array.from(out.concat(...strings.map((s) => bytes(6, new TextEncoder().encode(s)))));
}
