/* million: a profile of a million nodes in a real browser: first what the screen can show, then what is looked at,
 * and never another sum than the profile's.
 *
 *     FLYOVER=build/flyover ARTEFACTS=folder node --test million.mjs     screenshots go into the folder
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { eventually, openBrowser, openPage, startServe, startView } from "./browser.mjs";
import { largeFolded } from "./make_profile.mjs";

const flyover = resolve(process.env.FLYOVER ?? "build/flyover");
const artefacts = process.env.ARTEFACTS ? resolve(process.env.ARTEFACTS) : null;
const NODES = 1_050_000;
const FIRST_MAX = 1 << 17; // nodes of the first picture of a screen of 1,440 pixels
const scratch = mkdtempSync(join(tmpdir(), "flyover-million-"));
const file = join(scratch, "million.folded");
const folded = largeFolded(NODES);

/* Under which functions of a name with `text` in it is how much of all? */
function shareOf(text) {
	let some = 0;
	let all = 0;

	for (const line of folded.trimEnd().split("\n")) {
		const n = +line.slice(line.lastIndexOf(" "));

		all += n;
		if (line.includes(text)) some += n;
	}
	return some / all;
}

const percent = (share) => `${(share * 100).toFixed(1)} %`;
const numbers = (page) => page.locator("output.numbers").innerText();

let browser;

before(async () => {
	browser = await openBrowser();
	writeFileSync(file, folded);
	if (artefacts) mkdirSync(artefacts, { recursive: true });
});
after(async () => {
	await browser?.close();
	rmSync(scratch, { recursive: true });
});

/* A page, and the pictures that it was sent: what was asked, how many nodes came, and how many there are. */
async function open(url) {
	const pictures = [];
	const context = browser.context;
	const watch = async (response) => {
		const { pathname, searchParams } = new URL(response.url());

		if (!pathname.endsWith("/api/v1/flame")) return;
		const [, , nodes, , , whole] = new Uint32Array(new Uint8Array(await response.body()).slice(0, 24).buffer);

		pictures.push({ words: searchParams, nodes, whole });
	};

	context.on("response", watch);
	const opened = await openPage(browser, url);

	return { ...opened, pictures, unwatch: () => context.off("response", watch) };
}

async function isDrawn(page) {
	const colours = await page.evaluate(() => {
		const copy = document.createElement("canvas");
		const context = copy.getContext("2d", { willReadFrequently: true });
		const seen = new Set();

		context.drawImage(document.querySelector("main.graph canvas"), 0, 0, copy.width, copy.height);
		const { data } = context.getImageData(0, 0, copy.width, copy.height);

		for (let i = 0; i < data.length; i += 4) seen.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
		return seen.size;
	});

	return colours > 12;
}

async function search(page, text) {
	await page.keyboard.press("/");
	await page.keyboard.type(text);
	await page.keyboard.press("Escape");
	await page.waitForFunction(
		(wanted) =>
			document.querySelector("output.numbers")?.dataset.query === wanted &&
			!document.querySelector(".progress"),
		text,
		{ timeout: 60000 },
	);
}

/* One and the same for the page of a file and that of a server. */
async function look(url, name, nodesMin) {
	const { page, complaints, pictures, unwatch } = await open(url);

	await eventually(() => isDrawn(page), true);
	await eventually(() => pictures.length, 1);
	assert.ok(pictures[0].whole >= nodesMin, `${pictures[0].whole} nodes`);
	assert.ok(pictures[0].nodes <= FIRST_MAX, `${pictures[0].nodes} nodes came at first`);

	/* A narrow part of it: what was too narrow before is there. */
	const box = await page.locator("main.graph canvas").boundingBox();

	await page.keyboard.down("Control");
	for (let i = 0; i < 12; i++) {
		await page.mouse.move(box.x + box.width / 3, box.y + box.height / 2);
		await page.mouse.wheel(0, -60);
	}
	await page.keyboard.up("Control");
	await eventually(() => pictures.some((p) => p.words.has("from")), true);
	const deep = pictures.find((p) => p.words.has("from"));

	assert.ok(deep.words.get("to") - deep.words.get("from") > 0);
	assert.equal(deep.whole, pictures[0].whole);
	await eventually(() => isDrawn(page), true);
	if (artefacts) await page.screenshot({ path: join(artefacts, `million-${name}-near.png`) });

	await page.keyboard.press("r");
	await search(page, "function_17");
	const seen = await numbers(page);

	if (artefacts) await page.screenshot({ path: join(artefacts, `million-${name}.png`) });
	assert.deepEqual(complaints, []);
	unwatch();
	return { page, seen };
}

describe("a profile of a million nodes", () => {
	test("of a file is drawn at once, comes closer when it is looked at, and is searched whole", async (t) => {
		const server = await startView(flyover, [file]);

		t.after(() => server.stop());
		const { page, seen } = await look(server.url, "file", 1_000_000);

		assert.ok(seen.includes(`${percent(shareOf("function_17"))} of all`), seen);
		assert.doesNotMatch(seen, /at least/);
		await page.close();
	});

	for (const [memory, isWhole] of [
		["1GiB", true],
		["128MiB", false],
	])
		test(`of a server that may take ${memory} for answers ${isWhole ? "is whole" : "says what is missing"}`, async (t) => {
			const limits = { body_bytes: 1 << 30, unpacked_bytes: 1 << 30, samples: 1 << 24, frames: 1 << 28, burst_bytes: 1 << 30 };
			const config = join(scratch, "serve.yml");

			writeFileSync(config, "memory: 2GB\n"); // to take it in
			const server = await startServe(flyover, [
				...["--data", "memory", "--config", config, "--query-memory-total", memory],
				...Object.entries(limits).flatMap(([name, n]) => ["--limit", `${name}=${n}`]),
			]);
			t.after(() => server.stop());
			const packed = join(scratch, "million.pb.gz");
			const now = Math.floor(Date.now() / 1000);
			const words = new URLSearchParams({ service: "big", type: "cpu", from: now - 60, until: now });

			assert.equal(spawnSync(flyover, ["convert", "-o", packed, file]).status, 0);
			const reply = await fetch(`${server.url}api/v1/profiles?${words}`, { method: "POST", body: readFileSync(packed) });

			assert.ok(reply.ok, await reply.text());
			const { page, seen } = await look(
				`${server.url}explore?service=big&from=${now - 3600}&until=${now}`,
				isWhole ? "whole" : "partial",
				isWhole ? 1_000_000 : 100_000,
			);
			const truth = await page.locator(".truth").innerText();

			if (isWhole) {
				assert.ok(seen.includes(`${percent(shareOf("function_17"))} of all`), seen);
				assert.doesNotMatch(seen, /at least/);
				assert.doesNotMatch(truth, /query\.memory_total/);
			} else {
				const said = +/([\d.]+) % of all/.exec(seen)[1];

				assert.match(seen, /at least/);
				assert.ok(said > 0 && said <= shareOf("function_17") * 100, seen);
				assert.match(truth, /frames called "other": of 1,0\d\d,\d\d\d call paths .*query\.memory_total/s);
			}
			await page.close();
		});
});
