/* page: the flame graph page in a real browser, against sums made from the folded text.
 *
 *     FLYOVER=build/flyover ARTEFACTS=folder node --test page.mjs     screenshots go into the folder
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { axe, eventually, openBrowser, openPage, startView } from "./browser.mjs";
import { pprof } from "./pprof.mjs";
import { largeFolded } from "./make_profile.mjs";

const flyover = resolve(process.env.FLYOVER ?? "build/flyover");
const artefacts = process.env.ARTEFACTS ? resolve(process.env.ARTEFACTS) : null;

const SERVICE = `main;serve;handle;build_json;json_escape 40
main;serve;handle;build_json;snprintf;vfprintf 25
main;serve;handle;search;regcomp;parse;branch;parse 10
main;serve;handle;search;regcomp;parse 30
main;serve;handle;search;regexec 20
main;serve;handle;write;sys_write_[k];tcp_sendmsg_[k] 15
main;serve;accept 5
main 3
`;
const HOSTILE = [
	"<img src=x onerror=window.hacked=1>",
	"</script><script>window.hacked=1</script>",
	"\u202eevil\u2066text",
	"a&amp b\"'`<b>",
	"{{constructor}}${1}",
	"L".repeat(1 << 20),
	"関数名",
];

const scratch = mkdtempSync(join(tmpdir(), "flyover-page-"));
const put = (name, data) => {
	const path = join(scratch, name);

	writeFileSync(path, data);
	return path;
};
const stacks = (folded) =>
	folded
		.trim()
		.split("\n")
		.map((line) => [line.slice(0, line.lastIndexOf(" ")).split(";"), +line.slice(line.lastIndexOf(" "))]);
const sumWhere = (folded, accept) =>
	stacks(folded).reduce((sum, [stack, n]) => sum + (accept(stack) ? n : 0), 0);
const percent = (share) => {
	const p = share * 100;

	return p === 0 ? "0 %" : `${p >= 99.95 ? Math.round(p) : p >= 10 ? p.toFixed(1) : p.toFixed(2)} %`;
};
const all = sumWhere(SERVICE, () => true);

let browser;

before(async () => {
	browser = await openBrowser();
	if (artefacts) mkdirSync(artefacts, { recursive: true });
});
after(async () => {
	await browser?.close();
	rmSync(scratch, { recursive: true });
});

const hash = (page) => page.evaluate(() => decodeURIComponent(location.hash.slice(1)));
const current = (page) =>
	page.evaluate(() => {
		const grid = document.querySelector("[role=treegrid]");

		return document
			.getElementById(grid.getAttribute("aria-activedescendant"))
			.firstElementChild.textContent;
	});
const numbers = (page) => page.locator("output.numbers").innerText();
const rowNames = (page) => page.locator(".rows .row .link").allInnerTexts();

/* Walks by keyboard from the root to a frame: left to right are siblings, up are callees. */
async function walkTo(page, names) {
	await page.locator("[role=treegrid]").focus();
	for (let i = 0; i < 60 && (await current(page)) !== "all, group"; i++)
		await page.keyboard.press("ArrowDown");
	for (const name of names) {
		await page.keyboard.press("ArrowUp");
		for (let i = 0; i < 20 && (await current(page)) !== name; i++)
			await page.keyboard.press("ArrowLeft");
		for (let i = 0; i < 40 && (await current(page)) !== name; i++)
			await page.keyboard.press("ArrowRight");
		assert.equal(await current(page), name);
	}
}

async function search(page, text) {
	await page.keyboard.press("/");
	await page.keyboard.type(text);
	await page.waitForFunction(
		(wanted) => {
			const output = document.querySelector("output.numbers");

			return output.dataset.query === wanted || output.classList.contains("wrong");
		},
		text,
	);
	await page.keyboard.press("Escape");
}

async function shot(page, name) {
	if (artefacts) await page.screenshot({ path: join(artefacts, name) });
}

describe("the page of a small service", () => {
	let server, page, complaints;

	before(async () => {
		server = await startView(flyover, [put("service.folded", SERVICE)]);
		({ page, complaints } = await openPage(browser, server.url));
	});
	after(async () => {
		assert.deepEqual(complaints, []);
		await page.close();
		assert.equal(await server.stop(), 0, "Ctrl-C ends it cleanly");
	});
	const reset = async () => {
		await page.keyboard.press("Escape");
		await page.keyboard.press("r");
		await page.waitForFunction(() => !/zoom|q=|do=/.test(location.hash));
	};

	test("says how many samples there are and how sure shares can be", async () => {
		const truth = await page.locator(".truth").innerText();

		assert.match(truth, new RegExp(`${all} samples`));
		assert.match(truth, /± \d/);
	});

	test("search finds every match once, of what is visible and of all", async () => {
		for (const text of ["parse", "e", "json", "main", "_[k]", "nothing"]) {
			await reset();
			await search(page, text);
			const share = percent(sumWhere(SERVICE, (s) => s.some((f) => f.includes(text))) / all);

			assert.match(await numbers(page), new RegExp(`\\d+ match(es)?\\s·\\s*${share.replace(".", "\\.")} of visible`));
			assert.ok((await numbers(page)).replace(/\s+/g, " ").includes(`${share} of all`), text);
		}
	});

	test("the visible share follows the zoom, the share of all does not", async () => {
		await reset();
		await search(page, "parse");
		await walkTo(page, ["main", "serve", "handle", "search"]);
		await page.keyboard.press("Enter");
		const within = sumWhere(SERVICE, (s) => s.includes("search"));
		const matched = sumWhere(SERVICE, (s) => s.includes("parse"));

		await page.waitForFunction(() => /zoom=/.test(location.hash));
		const text = (await numbers(page)).replace(/\s+/g, " ");

		assert.ok(text.includes(`${percent(matched / within)} of visible`), text);
		assert.ok(text.includes(`${percent(matched / all)} of all`), text);
	});

	test("regular expressions and case are switches, and a wrong one is told", async () => {
		await reset();
		await search(page, "^REG(comp|exec)$");
		assert.match(await numbers(page), /^\s*0 matches/);
		await page.getByRole("button", { name: "Regular expression" }).click();
		assert.match(await numbers(page), /2 matches/);
		await page.getByRole("button", { name: "Match case" }).click();
		assert.match(await numbers(page), /0 matches/);
		await page.locator("[role=searchbox]").fill("(");
		await page.waitForSelector("output.numbers.wrong");
		await page.getByRole("button", { name: "Match case" }).click();
		await page.getByRole("button", { name: "Regular expression" }).click();
	});

	test("next and previous walk the matches from left to right", async () => {
		await reset();
		await search(page, "parse");
		await page.keyboard.press("n");
		assert.equal(await current(page), "parse");
		const first = await page.locator("[role=treegrid]").getAttribute("aria-activedescendant");

		await page.keyboard.press("n");
		assert.notEqual(
			await page.locator("[role=treegrid]").getAttribute("aria-activedescendant"),
			first,
		);
		await page.keyboard.press("Shift+N");
		assert.equal(
			await page.locator("[role=treegrid]").getAttribute("aria-activedescendant"),
			first,
		);
	});

	test("a click zooms, Escape goes back out, undo takes both back", async () => {
		await reset();
		const box = await page.locator("canvas").boundingBox();

		/* The root is the lowest row; main is the one above it. */
		await page.mouse.click(box.x + box.width * 0.9, box.y + box.height - 20 * 2 - 10);
		await page.waitForFunction(() => /zoom=/.test(location.hash));
		const zoomed = await hash(page);

		await page.keyboard.press("Escape");
		await page.waitForFunction((h) => decodeURIComponent(location.hash.slice(1)) !== h, zoomed);
		await page.keyboard.press("u");
		await page.waitForFunction((h) => decodeURIComponent(location.hash.slice(1)) === h, zoomed);
		await page.keyboard.press("u");
		await page.waitForFunction(() => !/zoom=/.test(location.hash));
	});

	test("upright has the root at the bottom, icicle at the top", async () => {
		await reset();
		const box = await page.locator("canvas").boundingBox();
		const tipAt = async (y) => {
			await page.mouse.move(box.x + 40, box.y + 300);
			await page.mouse.move(box.x + 40, y);
			return page.locator(".tip .title").innerText();
		};

		assert.equal(await tipAt(box.y + box.height - 10), "all");
		await page.keyboard.press("i");
		await page.waitForFunction(() => /icicle=1/.test(location.hash));
		assert.equal(await tipAt(box.y + 10), "all");
		await page.keyboard.press("i");
	});

	test("a tooltip has self, total and share with its interval", async () => {
		const box = await page.locator("canvas").boundingBox();

		await page.mouse.move(box.x + 100, box.y + 300);
		await page.mouse.move(box.x + 100, box.y + box.height - 30);
		const tip = await page.locator(".tip").innerText();

		assert.match(tip, /^main/);
		assert.match(tip, /Total\s+148\s+100 % ± /);
		assert.match(tip, /Self\s+3\s+2\.03 % ± /);
		await page.mouse.move(1, 1);
	});

	test("the table sorts by self, total and name, and its numbers are the stacks'", async () => {
		await reset();
		await page.getByRole("tab", { name: "Functions" }).click();
		const names = [...new Set(stacks(SERVICE).flatMap(([s]) => s))];
		const self = (f) => sumWhere(SERVICE, (s) => s[s.length - 1] === f);
		const total = (f) => sumWhere(SERVICE, (s) => s.includes(f));
		const by = (...keys) => (a, b) => {
			for (const key of keys) if (key(b) !== key(a)) return key(b) - key(a);
			return a < b ? -1 : 1;
		};

		await eventually(() => rowNames(page), names.slice().sort(by(self, total)));
		await page.getByRole("button", { name: "Total %" }).click();
		await eventually(() => rowNames(page), names.slice().sort(by(total, self)));
		const cells = await page.locator(".rows .row").evaluateAll((rows) =>
			rows.map((row) => [...row.querySelectorAll(".num:not(.amount)")].map((n) => n.innerText)),
		);

		(await rowNames(page)).forEach((name, i) =>
			assert.deepEqual(cells[i], [percent(self(name) / all), percent(total(name) / all)], name),
		);
		await page.getByRole("button", { name: "Function", exact: true }).click();
		await eventually(() => rowNames(page), names.slice().sort());
		await page.getByLabel("Filter functions").fill("json");
		await eventually(() => rowNames(page), ["build_json", "json_escape"]);
		await page.getByLabel("Filter functions").fill("");
		await page.getByRole("button", { name: "Self %" }).click();
	});

	test("callers and callees of a function have the value of its calls", async () => {
		await reset();
		for (const name of ["parse", "handle", "main"]) {
			await page.getByRole("tab", { name: "Functions" }).click();
			await page.locator(".rows .link", { hasText: new RegExp(`^${name}$`) }).click();
			await page.waitForFunction(
				(wanted) => document.querySelector(".function h2")?.innerText === wanted && document.querySelector(".figures"),
				name,
			);
			const whole = sumWhere(SERVICE, (s) => s.includes(name));
			const edge = (a, b) => sumWhere(SERVICE, (s) => s.some((f, i) => f === b && s[i - 1] === a));
			const lists = await page.locator(".neighbours").evaluateAll((sections) =>
				sections.map((section) =>
					[...section.querySelectorAll("li")].map((li) => li.innerText.split(/\s*\n\s*|\t/)),
				),
			);

			for (const [caller, share] of lists[0]) assert.equal(share, percent(edge(caller, name) / whole));
			for (const [callee, share] of lists[1])
				if (callee !== "(itself)") assert.equal(share, percent(edge(name, callee) / whole));
			assert.equal(lists[0].length > 0, name !== "main");
		}
	});

	test("focus, hide and collapse change the picture and can be undone", async () => {
		await reset();
		await walkTo(page, ["main", "serve", "handle", "search"]);
		await page.keyboard.press("f");
		await page.waitForFunction(() => /do=/.test(location.hash));
		await page.getByRole("tab", { name: "Functions" }).click();
		await page.waitForFunction(() => document.querySelectorAll(".rows .row").length === 5);
		assert.deepEqual((await rowNames(page)).sort(), ["branch", "parse", "regcomp", "regexec", "search"]);
		await page.keyboard.press("u");
		await page.waitForFunction(() => document.querySelectorAll(".rows .row").length > 5);
		await page.keyboard.press("c");
		await page.waitForSelector(".chip");
		await page.locator(".chip").click();
		await page.waitForFunction(() => !document.querySelector(".chip"));
	});

	test("the address restores the view in another tab", async () => {
		await reset();
		await search(page, "json");
		await walkTo(page, ["main", "serve", "handle"]);
		await page.keyboard.press("Enter");
		await page.waitForFunction(() => /zoom=/.test(location.hash));
		const other = await openPage(browser, page.url());

		await other.page.waitForFunction(() => document.querySelector("output.numbers b"));
		assert.equal(await numbers(other.page), await numbers(page));
		assert.equal(await other.page.locator(".function h2").innerText(), "handle");
		assert.deepEqual(other.complaints, []);
		await other.page.close();
	});

	test("everything can be reached by keyboard alone", async () => {
		await reset();
		await page.keyboard.press("?");
		await page.waitForSelector("dialog[open]");
		await page.keyboard.press("Escape");
		await page.waitForFunction(() => !document.querySelector("dialog[open]"));
		const seen = new Set();

		await page.evaluate(() => document.activeElement.blur());
		for (let i = 0; i < 60; i++) {
			await page.keyboard.press("Tab");
			seen.add(
				await page.evaluate(() => {
					const e = document.activeElement;

					return e.getAttribute("aria-label") ?? e.innerText ?? e.tagName;
				}),
			);
		}
		for (const wanted of ["Search functions", "Regular expression", "Match case", "Reset", "Functions"])
			assert.ok(seen.has(wanted), wanted);
		assert.ok([...seen].some((label) => label?.startsWith("Flame graph")));
	});

	test("the page and its dialogs have no serious accessibility violations", async () => {
		await reset();
		for (const scheme of ["light", "dark"]) {
			await page.emulateMedia({ colorScheme: scheme });
			const violations = await axe(page);

			assert.deepEqual(violations, [], scheme);
		}
		await page.emulateMedia({ colorScheme: "light" });
	});

	test("files can be saved in every offered format", async () => {
		const menu = page.locator(".menu a");
		const links = await menu.evaluateAll((as) => as.map((a) => [a.getAttribute("href"), a.download]));

		assert.ok(links.length >= 4);
		for (const [href, file] of links) {
			const reply = await page.request.get(new URL(href, server.url).href);

			assert.equal(reply.status(), 200);
			assert.match(reply.headers()["content-disposition"], new RegExp(file.replace(/\./g, "\\.")));
		}
		const folded = await page.request.get(server.url + "api/v1/profile?format=folded");

		assert.deepEqual((await folded.text()).trim().split("\n").sort(), SERVICE.trim().split("\n").sort());
	});
});

describe("sample types and labels", () => {
	let server, page, complaints;
	const samples = [
		{ stack: ["main", "read"], values: [10, 2e9], labels: { thread: "io" } },
		{ stack: ["main", "work"], values: [30, 1e9], labels: { thread: "worker" } },
	];

	before(async () => {
		const bytes = pprof({
			types: [
				["samples", "count"],
				["wall", "nanoseconds"],
			],
			samples,
			comments: [
				"flyover.capture attempted=60 complete=40 idle_ticks=960 all_ticks=1000 cpus=2 hz=99 lost.ring_full=20",
			],
		});

		server = await startView(flyover, [put("types.pb", bytes)]);
		({ page, complaints } = await openPage(browser, server.url));
	});
	after(async () => {
		assert.deepEqual(complaints, []);
		await page.close();
		await server.stop();
	});

	test("the last type is shown, and another one on request", async () => {
		await eventually(() => rowNames(page), ["read", "work", "main"]);
		await page.getByRole("radio", { name: "samples" }).click();
		await page.waitForFunction(() => document.querySelector(".rows .link").innerText === "work");
		await page.getByRole("radio", { name: "wall" }).click();
		await page.waitForFunction(() => document.querySelector(".rows .link").innerText === "read");
	});

	test("values of a label become roots", async () => {
		await page.getByLabel("Group by label").selectOption("thread");
		await page.waitForFunction(() =>
			[...document.querySelectorAll("[role=treegrid] [role=row]")].some((r) =>
				r.innerText.startsWith("io"),
			),
		);
	});

	test("lost samples and an idle machine are told in amber, in words", async () => {
		await eventually(() => page.locator(".truth.care").count(), 1);
		const text = await page.locator(".truth").innerText();

		assert.match(text, /lost/i);
		assert.match(text, /idle/i);
		await shot(page, "amber.png");
	});
});

describe("hostile names", () => {
	const folded = HOSTILE.map((name, i) => `main;${name};leaf ${i + 1}`).join("\n");

	test("are text wherever they appear, and run nothing", async () => {
		const server = await startView(flyover, [put("hostile.folded", folded)]);
		const { page, complaints } = await openPage(browser, server.url);

		await page.waitForFunction((n) => document.querySelectorAll(".rows .row").length === n, HOSTILE.length + 2);
		for (const part of ["onerror", "script", "evil", "LLLL"]) {
			await page.getByLabel("Filter functions").fill(part);
			await page.locator(".rows .link").first().click();
			await page.waitForSelector(".figures");
			await page.getByRole("tab", { name: "Functions" }).click();
		}
		await page.getByLabel("Filter functions").fill("");
		const box = await page.locator("canvas").boundingBox();

		for (let x = 10; x < box.width; x += box.width / 20)
			await page.mouse.move(box.x + x, box.y + box.height - 50);
		assert.equal(await page.evaluate(() => window.hacked), undefined);
		assert.equal(await page.locator("main img, aside img, main b, aside script").count(), 0);
		const shown = await page.locator("body").innerText();

		assert.ok(!/[\u202a-\u202e\u2066-\u2069]/.test(shown), "no bidi control reaches the page");
		assert.ok(shown.length < 20000, "a name of 1 MiB is shown briefly");
		assert.deepEqual(complaints, []);
		await shot(page, "hostile.png");
		await page.close();
		await server.stop();
	});
});

describe("the document in one file", () => {
	test("opens from disk, and shows the same numbers", async () => {
		const server = await startView(flyover, [put("service.folded", SERVICE)]);
		const reply = await browser.context.request.get(server.url + "api/v1/profile?format=html");
		const file = put("flyover.html", await reply.body());

		await server.stop();
		const { page, complaints } = await openPage(browser, "file://" + file);

		await search(page, "parse");
		const share = percent(sumWhere(SERVICE, (s) => s.includes("parse")) / all);

		assert.ok((await numbers(page)).includes(share));
		await page.locator(".rows .link", { hasText: /^handle$/ }).click();
		await page.waitForSelector(".figures");
		assert.match(await page.locator(".figures").innerText(), /94\.6 %/);
		assert.deepEqual(complaints, []);
		await page.close();
	});

	test("hostile names do nothing in it either", async () => {
		const folded = HOSTILE.map((name, i) => `main;${name} ${i + 1}`).join("\n");
		const server = await startView(flyover, [put("hostile.folded", folded)]);
		const reply = await browser.context.request.get(server.url + "api/v1/profile?format=html");
		const file = put("hostile.html", await reply.body());

		await server.stop();
		const { page, complaints } = await openPage(browser, "file://" + file);

		assert.equal(await page.evaluate(() => window.hacked), undefined);
		assert.deepEqual(complaints, []);
		await page.close();
	});
});

describe("when the server goes away", () => {
	test("the last picture stays, and a banner says so", async () => {
		const server = await startView(flyover, [put("service.folded", SERVICE)]);
		const { page } = await openPage(browser, server.url);

		server.kill();
		await server.exited;
		await page.locator(".rows .link", { hasText: /^handle$/ }).click();
		await page.waitForSelector(".banner");
		assert.match(await page.locator(".banner").innerText(), /stopped answering/);
		await search(page, "parse");
		assert.match(await numbers(page), /2 matches/);
		await shot(page, "gone.png");
		await page.close();
	});
});

describe("the look", () => {
	test("light, dark and narrow are kept as pictures", async () => {
		const server = await startView(flyover, [put("look.folded", largeFolded(2500, 400, 3))]);

		for (const [name, colorScheme, width, height] of [
			["light.png", "light", 1440, 900],
			["dark.png", "dark", 1440, 900],
			["narrow.png", "light", 360, 780],
		]) {
			const one = await openBrowser({ colorScheme, viewport: { width, height } });
			const { page, complaints } = await openPage(one, server.url);

			await page.waitForTimeout(200);
			assert.ok(await painted(page), `${name} is not blank`);
			assert.equal(
				await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
				true,
				"nothing sticks out sideways",
			);
			assert.deepEqual(complaints, []);
			await shot(page, name);
			await one.close();
		}
		await server.stop();
	});
});

/* How many colours the canvas has: a blank one has one. */
async function painted(page) {
	const colours = await page.evaluate(() => {
		const canvas = document.querySelector("canvas");
		const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
		const seen = new Set();

		for (let i = 0; i < data.length; i += 4 * 7) seen.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
		return seen.size;
	});

	return colours > 8;
}
