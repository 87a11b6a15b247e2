/* closer: the lines of a function, the spans of a request and both sides of a function, in a real browser. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
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

describe("code beside what its lines cost", () => {
	const now = Math.floor(Date.now() / 1000);
	const folder = mkdtempSync(join(tmpdir(), "flyover-code-"));
	let server;

	before(async () => {
		const code = ["", "int find(const char *what)", "{", '\tputs("<img src=x onerror=window.hacked=1>");', "\treturn step(what);", "}", "// \u202eevil"];

		writeFileSync(join(folder, "shop.c"), "\n".repeat(36) + code.join("\n") + "\n");
		writeFileSync(join(folder, "settings.yaml"), `source_roots: [${folder}, "/build=${folder}"]\n`);
		utimesSync(join(folder, "shop.c"), now - 7200, now - 7200);
		server = await startServe(flyover, ["--data", "memory", "--config", join(folder, "settings.yaml")]);
		await send(server.url, { service: "shop", from: now - 60, until: now }, [
			{ stack: ["main main.c:9", "find /build/shop.c:40"], n: 60 },
			{ stack: ["main main.c:9", "find /build/shop.c:41"], n: 30 },
			{ stack: ["main main.c:9", "find other.h:3"], n: 10 },
		]);
	});
	after(async () => {
		await server?.stop();
		rmSync(folder, { recursive: true });
	});

	for (const colorScheme of ["light", "dark"])
		test(`is text with its costs, in the ${colorScheme}`, async () => {
			const one = await openBrowser({ colorScheme });
			const { page, complaints } = await openPage(one, `${server.url}explore?service=shop#f=find&side=function`);
			const code = page.getByRole("region", { name: "Code of find" });

			await code.waitFor();
			const rows = await code.locator("tr").evaluateAll((all) =>
				all.map((row) => [...row.children].map((cell) => cell.textContent)),
			);

			assert.equal(rows[0][0], "35"); // five lines before the first
			assert.deepEqual(rows.find((row) => row[0] === "40"), ["40", "60.0 %", '    puts("<img src=x onerror=window.hacked=1>");']);
			assert.deepEqual(rows.find((row) => row[0] === "41"), ["41", "30.0 %", "    return step(what);"]);
			assert.deepEqual(rows.find((row) => row[0] === "42"), ["42", "", "}"]);
			assert.deepEqual(rows.at(-1), ["43", "", "// ‹202E›evil"]);
			assert.equal(await page.evaluate(() => window.hacked), undefined);
			await code.focus();
			assert.ok(await code.evaluate((box) => box === document.activeElement));
			await picture(page, `code-${colorScheme}`);
			assert.deepEqual(await axe(page), []);
			assert.deepEqual(complaints, []);
			await one.close();
		});

	test("says what is wrong with a file that is not there", async () => {
		const { page } = await openPage(browser, `${server.url}explore?service=shop#f=main&side=function`);

		await page.locator(".lines .note", { hasText: "main.c is in none of the folders of source_roots" }).waitFor();
		await page.close();
	});
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
		await page.locator(".lines .note", { hasText: "source_roots: [FOLDER]" }).waitFor();
		await picture(page, "lines");
	});

	test("another function has its own", async () => {
		await page.locator(".neighbours").getByRole("button", { name: "step" }).click();
		await eventually(cells, [["re.c"], ["7", "800", "800", "80.0 %"]]);
	});

	test("both sides of a function: its callers above it, what it calls below", async () => {
		await page.goto(`${server.url}explore?service=shop#f=find&side=function`);
		await page.getByRole("button", { name: "Both sides" }).click();
		await page.locator(".sides p", { hasText: "100 %" }).waitFor();
		await eventually(() => new URL(page.url()).hash.includes("sides=1"), true);
		/* A click on the frame under the middle puts it there: "step" lies under "find". */
		const below = await page.locator(".side").nth(1).boundingBox();

		await picture(page, "sides");
		await page.mouse.click(below.x + 300, below.y + 5 + 30);
		await page.locator(".sides p", { hasText: "80.0 %" }).waitFor();
		assert.match(await page.locator(".sides p").innerText(), /step/);
		/* And one on its caller above it. */
		const above = await page.locator(".side").nth(0).boundingBox();

		await page.mouse.click(above.x + 300, above.y + above.height - 5 - 30);
		await page.locator(".sides p", { hasText: "find" }).waitFor();
		assert.deepEqual(await axe(page), []);
		await page.keyboard.press("Escape");
		await page.waitForFunction(() => !document.querySelector(".sides"));
		await page.keyboard.press("w");
		await page.locator(".sides p", { hasText: "find" }).waitFor();
		await page.reload();
		await page.locator(".sides p", { hasText: "find" }).waitFor();
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

describe("a request whose samples have spans", () => {
	const now = Math.floor(Date.now() / 1000);
	const trace_id = "0af7651916cd43dd8448eb211c80319c";
	const spans = ["b7ad6b7169203331", "00f067aa0ba902b7"];
	const BLOCK = { types: [["contentions", "count"], ["delay", "nanoseconds"]], period: ["contentions", "count", 1] };
	let server, page, complaints;
	const of = (span, stack, n) => ({ stack, n, labels: { trace_id, span_id: spans[span] } });

	before(async () => {
		server = await startServe(flyover, ["--data", "memory"]);
		const first = { service: "shop", from: now - 60, until: now - 50 };
		const second = { service: "shop", from: now - 50, until: now - 40 };

		await send(server.url, first, [of(0, ["main", "find", "parse"], 3), of(0, ["main", "find"], 1)]);
		await send(server.url, second, [of(1, ["main", "stock"], 2), { stack: ["main", "idle"], n: 9 }]);
		await send(server.url, { ...second, type: "block" }, [of(1, ["main", "stock", "lock"], 8)], BLOCK);
		({ page, complaints } = await openPage(browser, `${server.url}trace/${trace_id}`));
	});
	after(async () => {
		await server?.stop();
	});

	const rows = () =>
		page.locator(".strip tbody tr").evaluateAll((all) =>
			all.map((row) => [...row.children].map((cell) => cell.textContent.trim()).filter((text) => text)),
		);

	test("each has its CPU and its waiting time, and where they went", async () => {
		await eventually(rows, [
			[spans[1], "shop", "20.0 ms", "80.0 ms", "stock 100 %"],
			[spans[0], "shop", "40.0 ms", "parse 75.0 % find 25.0 %"],
		]);
		assert.deepEqual(await page.locator(".strip thead th").allInnerTexts(), [
			"Span",
			"Service",
			"Profiles of",
			"Time",
			"CPU",
			"Waits",
			"Functions",
		]);
		const width = (name) =>
			page.locator(`.strip .${name}`).evaluateAll((bars) => bars.map((bar) => bar.style.width));

		assert.deepEqual(await width("cpu"), ["20%", "40%"]);
		assert.deepEqual(await width("waiting"), ["80%", "0%"]);
		assert.deepEqual(await width("when"), ["50%", "50%"]);
		await picture(page, "spans");
		await page.emulateMedia({ colorScheme: "dark" });
		await picture(page, "spans-dark");
		assert.deepEqual(await axe(page), []);
		await page.emulateMedia({ colorScheme: "light" });
		assert.deepEqual(await axe(page), []);
	});

	test("a span is chosen by the keyboard, and let go", async () => {
		const button = page.locator(".strip tbody button", { hasText: spans[0] });

		await button.focus();
		await page.keyboard.press("Enter");
		await eventually(() => new URL(page.url()).searchParams.get("span"), spans[0]);
		await eventually(() => button.getAttribute("aria-pressed"), "true");
		await button.press("Enter");
		await eventually(() => new URL(page.url()).searchParams.get("span"), null);
	});

	test("no complaints", () => assert.deepEqual(complaints, []));
});
