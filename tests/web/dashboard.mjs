/* dashboard: the pages of a server in a real browser, against what was sent to it.
 *
 *     FLYOVER=build/flyover ARTEFACTS=folder node --test dashboard.mjs     screenshots go into the folder
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { axe, eventually, openBrowser, openPage, startServe } from "./browser.mjs";
import { pprof } from "./pprof.mjs";
import { SPANS, TRACES, fillShop, samplesWhere } from "./shop.mjs";

const flyover = resolve(process.env.FLYOVER ?? "build/flyover");
const artefacts = process.env.ARTEFACTS ? resolve(process.env.ARTEFACTS) : null;

let browser;

before(async () => {
	browser = await openBrowser({ permissions: ["clipboard-read", "clipboard-write"] });
	if (artefacts) mkdirSync(artefacts, { recursive: true });
});
after(async () => {
	await browser?.close();
});

const picture = async (page, name) => {
	if (artefacts) await page.screenshot({ path: join(artefacts, `${name}.png`) });
};
const address = (page) => new URL(page.url());
/* The total of the picture, as its first row says it: "200 s". */
const whole = (page) => page.locator("[role=treegrid] [aria-level='1'] > :nth-child(3)").innerText();
const settled = (page, text) =>
	page.waitForFunction(
		(wanted) =>
			document.querySelector("[role=treegrid] [aria-level='1'] > :nth-child(3)")?.textContent === wanted,
		text,
	);
const seconds = (samples) => {
	const s = samples / 100;

	return `${s >= 100 ? Math.round(s).toLocaleString("en") : s >= 10 ? s.toFixed(1) : s.toFixed(2)} s`;
};

describe("a server with half an hour of two services", () => {
	let server, shop, page, complaints;
	const isShop = (p) => p.service === "shop";
	const url = (path) => server.url + path;
	const range = (more = "") => `from=${shop.begin}&until=${shop.end}${more}`;
	const open = async (path) => {
		await page.goto(url(path));
		await page.waitForSelector("[role=treegrid]");
	};

	before(async () => {
		server = await startServe(flyover, ["--data", "memory"]);
		shop = await fillShop(server.url);
		({ page, complaints } = await openPage(browser, url(`explore?service=shop&${range()}`)));
	});
	after(async () => {
		await server?.stop();
	});

	test("the picture has every sample of the service and the range", async () => {
		assert.equal(await whole(page), seconds(samplesWhere(shop, isShop)));
	});

	test("dragging over the timeline picks a range; back takes it back", async () => {
		const box = await page.locator(".plot").boundingBox();
		const x = (share) => box.x + share * box.width;

		await page.mouse.move(x(0.5) + 1, box.y + 40);
		await page.mouse.down();
		await page.mouse.move(x(0.6), box.y + 40, { steps: 4 });
		await page.mouse.move(x(0.75) - 1, box.y + 40, { steps: 4 });
		await page.mouse.up();
		await page.waitForFunction(() => new URL(location.href).searchParams.has("at"));
		const at = address(page).searchParams.get("at").split("-").map(Number);

		assert.deepEqual(at, [shop.begin + 900, shop.begin + 1350]);
		const inside = (p) => isShop(p) && p.at >= at[0] && p.at < at[1];

		await settled(page, seconds(samplesWhere(shop, inside)));
		await page.goBack();
		await settled(page, seconds(samplesWhere(shop, isShop)));
		await eventually(() => address(page).searchParams.get("at"), null);
	});

	test("the keyboard picks a range too", async () => {
		await page.locator(".plot").focus();
		await page.keyboard.press("ArrowRight");
		await page.waitForFunction(() => new URL(location.href).searchParams.has("at"));
		const first = address(page).searchParams.get("at").split("-").map(Number);

		await page.keyboard.press("Shift+ArrowRight");
		await page.waitForFunction((was) => new URL(location.href).searchParams.get("at") !== was, first.join("-"));
		const wider = address(page).searchParams.get("at").split("-").map(Number);

		assert.equal(wider[0], first[0]);
		assert.ok(wider[1] > first[1]);
		const inside = (p) => isShop(p) && p.at >= wider[0] && p.at < wider[1];

		await settled(page, seconds(samplesWhere(shop, inside)));
		await page.keyboard.press("Escape");
		await settled(page, seconds(samplesWhere(shop, isShop)));
	});

	test("a filter by label shows the values with their shares, and only what has them", async () => {
		await page.getByText("+ filter").click();
		await page.locator(".labels").getByText("region", { exact: true }).click();
		const rows = page.locator(".add .choices li");

		await rows.first().waitFor();
		const all = samplesWhere(shop, isShop);
		const eu = samplesWhere(shop, (p) => isShop(p) && p.region === "eu");

		assert.deepEqual(
			(await rows.allInnerTexts()).map((t) => t.split(/\s+/).slice(0, 2).join(" ")),
			[`eu ${((100 * eu) / all).toFixed(1)}`, `us ${((100 * (all - eu)) / all).toFixed(1)}`],
		);
		await picture(page, "filter");
		await rows.nth(1).locator("button").click();
		await settled(page, seconds(all - eu));
		await eventually(() => address(page).searchParams.getAll("label"), ["region=us"]);

		/* Both values, then all but one. */
		await rows.nth(0).locator("button").click();
		await settled(page, seconds(all));
		await page.keyboard.press("Escape");
		await page.locator(".chip", { hasText: "eu" }).getByRole("button", { name: /take/i }).click();
		await settled(page, seconds(all - eu));
		await page.locator(".chip .turn").click();
		await settled(page, seconds(eu));
		await eventually(() => address(page).searchParams.getAll("label"), ["region!=us"]);
		await page.locator(".chip").getByRole("button", { name: /take/i }).click();
		await settled(page, seconds(all));
	});

	test("another kind is another picture", async () => {
		await page.getByRole("radio", { name: "Samples" }).click();
		await settled(page, samplesWhere(shop, isShop).toLocaleString("en"));
		await eventually(() => address(page).searchParams.get("type"), "samples");
		await page.goBack();
		await settled(page, seconds(samplesWhere(shop, isShop)));
	});

	test("another service is chosen by typing its name", async () => {
		await page.locator(".service summary").click();
		await page.waitForFunction(() => document.querySelector(".service input") === document.activeElement);
		await page.waitForFunction(() => /cart/.test(document.querySelector(".service").textContent));
		await page.keyboard.type("cart");
		await page.keyboard.press("Enter");
		await settled(page, seconds(samplesWhere(shop, (p) => p.service === "cart")));
		await eventually(() => address(page).searchParams.get("service"), "cart");
		await page.goBack();
		await settled(page, seconds(samplesWhere(shop, isShop)));
	});

	test("split by a label, the timeline has a legend with shares that filter", async () => {
		await page.locator(".filters select").focus();
		await page.waitForFunction(() => document.querySelectorAll(".filters option").length > 2);
		await page.locator(".filters select").selectOption("version");
		await page.waitForSelector(".legend");
		const of = (version) => samplesWhere(shop, (p) => isShop(p) && p.version === version);
		const all = of("v41") + of("v42");

		/* The picture is split as the timeline is. */
		const total = (v) => `[role=treegrid] [aria-level='2']:has-text("${v}") > :nth-child(3)`;

		await eventually(() => page.locator(total("v41")).innerText(), seconds(of("v41")));
		await eventually(() => page.locator(total("v42")).innerText(), seconds(of("v42")));
		assert.deepEqual(
			(await page.locator(".legend li").allInnerTexts()).map((t) => t.replace(/\s+/g, " ").trim()),
			["v42", "v41"].map((v) => `${v} ${((100 * of(v)) / all).toFixed(1)} %`),
		);
		await picture(page, "split");
		await page.locator(".legend button", { hasText: "v41" }).click();
		await settled(page, seconds(of("v41")));
	});

	test("time zones: the axis and the fields follow", async () => {
		await open(`explore?service=shop&${range("&zone=utc")}`);
		const iso = (at) => new Date(at * 1000).toISOString().slice(11, 16);

		await eventually(() => page.locator(".axis span").first().innerText(), iso(shop.begin + 300));
		await page.locator(".time summary").click();
		const [from] = await page.locator(".times input[type=datetime-local]").all();

		assert.equal((await from.inputValue()).slice(11, 16), iso(shop.begin));
		await page.locator(".time summary").click();
	});

	test("a range is typed exactly", async () => {
		await page.locator(".time summary").click();
		const until = page.locator(".times input[type=datetime-local]").nth(1);
		const middle = new Date((shop.begin + 900) * 1000).toISOString().slice(0, 16);

		await until.fill(middle);
		await page.getByRole("button", { name: "Show this range" }).click();
		await settled(page, seconds(samplesWhere(shop, (p) => isShop(p) && p.version === "v41")));
		await eventually(() => address(page).searchParams.get("until"), String(shop.begin + 900));
	});

	test("the table has every function, with what it has itself and in all", async () => {
		await page.goto(url(`explore?service=shop&${range("&tab=table")}`));
		await page.waitForSelector(".rows .row");
		const all = samplesWhere(shop, isShop);
		const of = (name) => samplesWhere(shop, isShop, (stack) => stack.at(-1) === name);
		const rows = await page.locator(".rows .row").allInnerTexts();
		const found = rows.map((row) => row.split(/\n/).map((cell) => cell.trim()));
		const leaves = ["regexec", "parse", "serialize", "accept"];

		for (const name of leaves) {
			const row = found.find((cells) => cells[0] === name);

			assert.ok(row, name);
			assert.ok(row.includes(`${((100 * of(name)) / all).toFixed(of(name) / all < 0.1 ? 2 : 1)} %`), row.join("|"));
		}
		await picture(page, "table");
	});

	test("the heaviest traces lead to one, and a span shows itself alone", async () => {
		await open(`explore?service=shop&${range()}`);
		await page.getByRole("tab", { name: "Traces" }).click();
		await page.waitForSelector(".traces tbody tr");
		await eventually(() => page.locator(".traces tbody th").allInnerTexts(), TRACES);
		await picture(page, "traces");
		await page.locator(".traces tbody th a").nth(1).click();
		await settled(page, "70.0 ms");
		assert.equal(address(page).pathname, `/trace/${TRACES[1]}`);
		await eventually(() => page.locator(".strip tbody tr").count(), 2);
		await picture(page, "trace");
		await page.locator(".strip tbody button", { hasText: SPANS[0] }).click();
		await settled(page, "30.0 ms");
		await page.goBack();
		await settled(page, "70.0 ms");
	});

	test("a pasted trace id is all it takes", async () => {
		await page.goto(server.url);
		await page.waitForSelector(".services tbody tr");
		await page.getByLabel("Trace id").fill(`00-${TRACES[0]}-${SPANS[0]}-01`);
		await settled(page, "120 ms");
		assert.equal(address(page).pathname, `/trace/${TRACES[0]}`);
	});

	test("the list of services is sorted and leads to each", async () => {
		await page.goto(url(`?${range()}`));
		await page.waitForSelector(".services tbody tr");
		await eventually(() => page.locator(".services tbody th").allInnerTexts(), ["shop", "cart"]);
		await page.locator(".hottest", { hasText: "parse" }).waitFor();
		await picture(page, "home");
		await page.getByLabel("Find a service").fill("ca");
		await eventually(() => page.locator(".services tbody th").allInnerTexts(), ["cart"]);
		await page.locator(".services tbody th a").click();
		await settled(page, seconds(samplesWhere(shop, (p) => p.service === "cart")));
	});

	test("an address alone brings back everything", async () => {
		await open(`explore?service=shop&${range(`&label=region%3Deu&at=${shop.begin + 300}-${shop.begin + 600}#q=reg&icicle=1`)}`);
		const inside = (p) => isShop(p) && p.region === "eu" && p.at >= shop.begin + 300 && p.at < shop.begin + 600;

		await settled(page, seconds(samplesWhere(shop, inside)));
		assert.equal(await page.getByLabel("Search functions").inputValue(), "reg");
		assert.equal(await page.getByRole("button", { name: /icicle/i }).getAttribute("aria-pressed"), "true");
	});

	test("two versions: the verdict, what changed, and a picture that loses nothing", async () => {
		await page.goto(url(`explore?service=shop&${range("&tab=compare")}`));
		await page.locator(".against summary").click();
		await page.locator(".against .labels").getByText("version").click();
		await page.locator(".against .choices button", { hasText: "v41" }).click();
		await page.waitForSelector(".verdict b.more");
		const of = (version, stack) => samplesWhere(shop, (p) => isShop(p) && p.version === version, stack);
		const change = (100 * (of("v42") - of("v41"))) / of("v41");
		const verdict = await page.locator(".verdict").innerText();

		assert.match(verdict, new RegExp(`version!=v41 spends ${change.toFixed(1)} % ± .* more CPU a second than version=v41`));
		assert.match(verdict, /in parse,\s+under handle_search/);
		const share = (version) => (100 * of(version, (s) => s.includes("regcomp"))) / of(version);
		const row = await page.locator(".changes tbody tr", { hasText: "regcomp" }).innerText();

		assert.match(row, new RegExp(`${share("v41").toFixed(1)} %\\s+${share("v42").toFixed(1)} %`));
		assert.match(row, new RegExp(`\\+${(share("v42") - share("v41")).toFixed(2)}`));
		await picture(page, "compare");
		await page.keyboard.press("x");
		await page.waitForSelector(".verdict b.less");
		await eventually(() => address(page).searchParams.getAll("vs_label"), ["version!=v41"]);
	});

	test("two ranges: the one before, and one that is picked", async () => {
		await open(`explore?service=shop&${range(`&at=${shop.begin + 900}-${shop.begin + 1800}`)}`);
		await page.keyboard.press("d");
		await page.waitForSelector(".verdict b.more");
		await eventually(() => page.locator(".ghost").count(), 1);
		await page.locator(".against summary").click();
		await page.getByText("pick it on the timeline").click();
		const box = await page.locator(".plot").boundingBox();

		await page.mouse.move(box.x + box.width * 0.6, box.y + 30);
		await page.mouse.down();
		await page.mouse.move(box.x + box.width * 0.8, box.y + 30, { steps: 5 });
		await page.mouse.up();
		await page.waitForFunction(() => document.querySelector(".verdict")?.textContent.includes("chance explains"));
		assert.match(address(page).searchParams.get("vs"), /^\d+-\d+$/);
		await eventually(() => address(page).searchParams.get("at"), `${shop.begin + 900}-${shop.begin + 1800}`);
	});

	test("a version that begins is a mark; a function has its share over time; hosts are named", async () => {
		await open(`explore?service=shop&${range()}`);
		await page.locator(".axis b", { hasText: "v42" }).waitFor();
		await eventually(() => page.locator(".axis b").count(), 1);
		await page.locator(".rows .link", { hasText: "parse" }).click();
		await page.locator(".over-time figcaption", { hasText: "up to" }).waitFor();
		const of = (stack) => samplesWhere(shop, (p) => isShop(p) && p.version === "v42", stack);
		const most = (100 * of((s) => s.includes("parse"))) / of();
		const said = /up to ([\d.]+) %/.exec(await page.locator(".over-time").innerText())[1];

		assert.ok(Math.abs(said - most) < 2, `${said} is about ${most}`);
		await page.locator(".hosts summary").click();
		await page.locator(".hosts .box", { hasText: "not named" }).waitFor();
		await page.keyboard.press("Escape");
		await page.getByRole("button", { name: "Heat map" }).click();
		await page.waitForSelector("path.heat", { state: "attached" });
		await picture(page, "heat");
	});

	test("two traces are compared", async () => {
		await open(`trace/${TRACES[0]}?tab=compare&vs_trace=${TRACES[1]}`);
		await page.waitForSelector(".verdict");
		assert.equal(
			await page.locator(".truth .line").innerText(),
			"7 samples before · 12 samples after",
		);
		assert.match(await page.locator(".truth").innerText(), /only large changes/);
	});

	test("nothing here: why, and what to do", async () => {
		await page.goto(url("explore?service=nobody"));
		await page.waitForSelector(".nothing");
		assert.match(await page.locator(".nothing").innerText(), /nobody has nothing of this kind/);
		assert.match(await page.locator(".nothing pre").last().innerText(), new RegExp(server.url.slice(0, -1)));
		await picture(page, "nothing");
		await page.goto(url(`trace/${"a".repeat(32)}`));
		await page.waitForSelector(".nothing");
		await page.getByRole("button", { name: /last 7 days/ }).click();
		await eventually(() => address(page).searchParams.get("from"), "now-7d");
	});

	test("nothing serious for axe, light and dark, wide and narrow", async () => {
		for (const [path, ready] of [
			[`explore?service=shop&group=version&${range()}`, ".rows .row"],
			[`explore?service=shop&${range("&tab=traces")}`, ".traces tbody tr"],
			[`trace/${TRACES[1]}`, ".strip tbody tr"],
			[`explore?service=shop&${range("&tab=compare&label=version%3Dv42&vs_label=version%3Dv41")}`, ".verdict"],
			[`?${range()}`, ".services tbody tr"],
		])
			for (const colorScheme of ["light", "dark"]) {
				await page.emulateMedia({ colorScheme });
				await page.goto(url(path));
				await page.waitForSelector(ready);
				assert.deepEqual(await axe(page), [], `${path} ${colorScheme}`);
				await picture(page, `look-${path.replace(/[?&].*/, "") || "home"}${/tab=(\w+)/.exec(path)?.[1] ?? ""}-${colorScheme}`.replace(/\//g, "-"));
			}
		await page.emulateMedia({ colorScheme: "light" });
		await page.setViewportSize({ width: 360, height: 740 });
		for (const path of [`explore?service=shop&${range("&label=region%3Deu")}`, `?${range()}`, `trace/${TRACES[1]}`]) {
			await page.goto(url(path));
			await page.waitForSelector(".services tbody tr, [role=treegrid]");
			const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

			assert.ok(over <= 0, `${path} is ${over} px wider than the screen`);
			await picture(page, `narrow-${path.replace(/[?&].*/, "") || "home"}`.replace(/\//g, "-"));
		}
		await page.setViewportSize({ width: 1440, height: 900 });
	});

	test("no complaints", () => {
		assert.deepEqual(complaints, []);
	});
});

describe("a server that wants to know who asks", () => {
	const scratch = mkdtempSync(join(tmpdir(), "flyover-board-"));
	let server;

	before(async () => {
		const config = join(scratch, "flyover.yml");

		/* printf %s sesame | sha256sum */
		writeFileSync(
			config,
			"tokens:\n  - {name: reader, secret: \"sha256:d0c04f4b1951e4aeaaec8223ed2039e542f3aae805a6fa7f6d794e5afff5d272\"" +
				", scopes: [query, ingest]}\n",
		);
		server = await startServe(flyover, ["--data", "memory", "--config", config]);
		await fetch(`${server.url}api/v1/profiles?service=safe`, {
			method: "POST",
			headers: { Authorization: "Bearer sesame" },
			body: pprof({
				types: [["cpu", "nanoseconds"]],
				samples: [{ stack: ["main"], values: [5e9] }],
				period: ["cpu", "nanoseconds", 1e7],
			}),
		});
	});
	after(async () => {
		await server?.stop();
		rmSync(scratch, { recursive: true });
	});

	test("asks, says when it was wrong, and lets in; files come signed in as well", async () => {
		const page = await browser.context.newPage();

		await page.goto(server.url + "explore?service=safe");
		await page.waitForSelector(".signin");
		await picture(page, "signin");
		await page.getByLabel("Token").fill("wrong");
		await page.getByRole("button", { name: "Sign in" }).click();
		await page.waitForSelector(".signin");
		await page.getByLabel("Token").fill("sesame");
		await page.getByRole("button", { name: "Sign in" }).click();
		await page.waitForSelector("[role=treegrid]");
		await settled(page, "5.00 s");
		await page.getByText("Take along").click();
		const [file] = await Promise.all([
			page.waitForEvent("download"),
			page.locator(".along a", { hasText: "Folded" }).click(),
		]);

		assert.equal(file.suggestedFilename(), "flyover.folded");
		await page.close();
	});
});

describe("a page of another origin", () => {
	const scratch = mkdtempSync(join(tmpdir(), "flyover-frame-"));
	let framer, server, shop;

	before(async () => {
		framer = createServer((request, reply) => {
			reply.setHeader("Content-Type", "text/html");
			reply.end(`<!doctype html><iframe width="1000" height="600" src="${decodeURIComponent(request.url.slice(2))}"></iframe>`);
		});
		await new Promise((resolve) => framer.listen(0, "127.0.0.1", resolve));
		const config = join(scratch, "flyover.yml");

		writeFileSync(config, `embed_in: ["http://127.0.0.1:${framer.address().port}"]\n`);
		server = await startServe(flyover, ["--data", "memory", "--config", config]);
		shop = await fillShop(server.url);
	});
	after(async () => {
		await server?.stop();
		framer?.close();
		rmSync(scratch, { recursive: true });
	});

	test("frames the picture if it is named, and not from elsewhere", async () => {
		const page = await browser.context.newPage();
		const target = encodeURIComponent(
			`${server.url}explore?service=shop&from=${shop.begin}&until=${shop.end}&embed=1`,
		);
		const inside = page.frameLocator("iframe");

		await page.goto(`http://127.0.0.1:${framer.address().port}/?${target}`);
		await inside.locator("[role=treegrid]").waitFor();
		assert.equal(await inside.locator("header").count(), 0);
		await inside.getByText("Open in Flyover").waitFor();
		await picture(page, "embedded");
		await page.goto(`http://localhost:${framer.address().port}/?${target}`);
		await page.waitForTimeout(500);
		assert.equal(await inside.locator("[role=treegrid]").count(), 0);
		await page.close();
	});
});

describe("a server that goes away", () => {
	test("leaves the last picture, says so, and is found again when it is back", async () => {
		let server = await startServe(flyover, ["--data", "memory"]);
		const shop = await fillShop(server.url);
		const { page } = await openPage(browser, `${server.url}explore?service=shop&from=${shop.begin}&until=${shop.end}`);
		const before = await whole(page);
		const listen = new URL(server.url).host;

		server.kill();
		await server.exited;
		await page.locator(".plot").focus();
		await page.keyboard.press("ArrowRight");
		await page.waitForSelector(".banner");
		assert.match(await page.locator(".banner").innerText(), /stopped answering/);
		assert.equal(await whole(page), before);
		await picture(page, "gone");

		/* What is loaded can be searched on. */
		await page.getByLabel("Search functions").fill("regcomp");
		await page.waitForSelector("output.numbers[data-query=regcomp] b");
		server = await startServe(flyover, ["--data", "memory"], listen);
		await fillShop(server.url);
		await page.waitForFunction(() => !document.querySelector(".banner"), null, { timeout: 20000 });
		await page.keyboard.press("Escape");
		await page.locator(".plot").focus();
		await page.keyboard.press("Escape");
		await settled(page, before);
		await page.close();
		await server.stop();
	});
});
