/* counts: what the page counts from a picture is what the server counts from the profile.
 *
 *     FLYOVER=build/flyover node --test counts.mjs
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { startView } from "./browser.mjs";
import { generator } from "./make_profile.mjs";
import { pprof } from "./pprof.mjs";

const flyover = resolve(process.env.FLYOVER ?? "build/flyover");
const scratch = mkdtempSync(join(tmpdir(), "flyover-counts-"));
const SUFFIXES = ["", "", "", "_[k]", "_[j]", "_[i]"];

after(() => rmSync(scratch, { recursive: true }));

/* The page's own code, as a module that Node takes. */
async function pageCode() {
	const require = createRequire(new URL("../../web/package.json", import.meta.url));
	const web = fileURLToPath(new URL("../../web/src", import.meta.url));
	const outfile = join(scratch, "page.mjs");

	require("esbuild").buildSync({
		stdin: {
			contents:
				'export { decode } from "./api/decode"; export * from "./model/count"; export { HttpSource } from "./api/http";',
			resolveDir: web,
		},
		bundle: true,
		format: "esm",
		outfile,
		logLevel: "warning",
	});
	return import(pathToFileURL(outfile));
}

/* Few names, so that stacks recur, call themselves, and pass the same call twice. */
function randomProfile(seed) {
	const random = generator(seed);
	const below = (n) => Math.floor(random() * n);
	const names = Array.from({ length: 3 + below(12) }, (_, i) => {
		const letter = i % 5 === 4 ? "\u{1f525}" : i % 5 === 3 ? "\uff5e" : "f";

		return `${letter}${i}${SUFFIXES[below(SUFFIXES.length)]}`;
	});
	const samples = Array.from({ length: 1 + below(60) }, () => ({
		stack: Array.from({ length: 1 + below(10) }, () => names[below(names.length)]),
		values: [below(5), below(1000)],
		labels: random() < 0.7 ? { request: `r${below(3)}` } : {},
	}));

	return {
		names,
		bytes: pprof({ types: [["samples", "count"], ["cpu", "nanoseconds"]], samples }),
	};
}

const byName = (rows) => rows.slice().sort((a, b) => (a.name < b.name ? -1 : 1));

test("tables and neighbours are the same, of random profiles, grouped or not", async () => {
	const { HttpSource, localPeek, localTop } = await pageCode();
	const fetchHere = globalThis.fetch;
	let recursive = 0;

	for (let seed = 1; seed <= 12; seed++) {
		const { names, bytes } = randomProfile(seed);
		const file = join(scratch, "random.pb");

		writeFileSync(file, bytes);
		const view = await startView(flyover, [file]);

		globalThis.fetch = (path, more) => fetchHere(new URL(path, view.url), more);
		try {
			const source = new HttpSource();
			const { groups, types } = await source.meta();

			for (let type = 0; type < types.length; type++)
				for (const group of ["", ...groups]) {
					const question = { type, group };
					const layout = await source.whole(question);
					const top = await source.top(question);

					assert.equal(top.leftOut, 0);
					assert.deepEqual(byName(localTop(layout)), byName(top.rows), `seed ${seed}`);
					for (const name of [...names, "nobody"]) {
						const peek = await source.peek(question, name);

						assert.deepEqual(localPeek(layout, name), peek, `seed ${seed}: ${name}`);
						if (peek.callers.reduce((sum, row) => sum + row.value, 0) > peek.total) recursive++;
					}
				}
		} finally {
			globalThis.fetch = fetchHere;
			await view.stop();
		}
	}
	assert.ok(recursive > 0, "no profile had a function below itself");
});
