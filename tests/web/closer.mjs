/* closer: the lines of a function, the spans of a request and both sides of a function, in a real browser. */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { axe, eventually, openBrowser, openPage, startServe } from "./browser.mjs";
import { pprof } from "./pprof.mjs";

const flyover = resolve(process.env.FLYOVER ?? "build/flyover");
const artefacts = process.env.ARTEFACTS ? resolve(process.env.ARTEFACTS) : null;
const TICK = 1e7; // nanoseconds a sample stands for
const CPU = [
	["samples", "count"],
	["cpu", "nanoseconds"],
];

const picture = async (page, name) => {
	if (artefacts) await page.screenshot({ path: join(artefacts, `${name}.png`) });
};

async function send(url, words, samples, { types = CPU, period = ["cpu", "nanoseconds", TICK] } = {}) {
	const body = pprof({
		types,
		period,
		samples: samples.map(({ stack, n, labels }) => ({ stack, values: [n, n * TICK], labels })),
	});
	const reply = await fetch(`${url}api/v1/profiles?${new URLSearchParams(words)}`, { method: "POST", body });

	if (!reply.ok) throw new Error(`${reply.status}: ${await reply.text()}`);
}

let browser;

before(async () => {
	browser = await openBrowser();
	if (artefacts) mkdirSync(artefacts, { recursive: true });
});
after(async () => {
	await browser?.close();
});

describe("a service whose samples have lines", () => {
	const now = Math.floor(Date.now() / 1000);
	const words = { service: "shop", from: now - 60, until: now };
	let server, page, complaints;

	before(async () => {
		server = await startServe(flyover, ["--data", "memory"]);
		await send(server.url, words, [
			{ stack: ["main main.c:9", "find shop.c:40", "step re.c:7"], n: 50 },
			{ stack: ["main main.c:9", "find shop.c:41", "step re.c:7"], n: 30 },
			{ stack: ["main main.c:9", "find shop.c:41"], n: 15 },
			{ stack: ["main main.c:12", "find <b>x</b>/other.c:3"], n: 5 },
		]);
		({ page, complaints } = await openPage(browser, `${server.url}explore?service=shop#f=find&side=function`));
	});
	after(async () => {
		await server?.stop();
	});

	const cells = () =>
		page
			.locator(".lines tbody tr")
			.evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));

	test("a function's lines have what they cost, by file and in the order of the source", async () => {
		await eventually(cells, [
			["<b>x</b>/other.c"],
			["3", "50.0", "50.0", "5.00 %"],
			["shop.c"],
			["40", "", "500", "50.0 %"],
			["41", "150", "450", "45.0 %"],
		]);
		await picture(page, "lines");
	});

	test("another function has its own", async () => {
		await page.locator(".neighbours").getByRole("button", { name: "step" }).click();
		await eventually(cells, [["re.c"], ["7", "800", "800", "80.0 %"]]);
	});

	test("a list that began a minute ago is averaged over that minute", async () => {
		await page.goto(server.url);
		await page.locator(".known", { hasText: "60 s of these 60 min" }).waitFor();
		/* 1 s of CPU in a minute */
		assert.equal(await page.locator(".services tbody td").first().innerText(), "1.67 % of a core");
		await picture(page, "home-new");
	});

	test("no complaints", () => assert.deepEqual(complaints, []));
});
