/* taken: what is taken along from a server's page, opened by those who read such files; names that mean harm; the
 * keyboard alone; and programs that really run.
 *
 *     FLYOVER=build/flyover INVENTORY=build/examples/inventory ARTEFACTS=folder node --test taken.mjs
 */
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, extname, join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { openBrowser, openPage, startServe } from "./browser.mjs";
import { pprof } from "./pprof.mjs";
import { fillShop, samplesWhere } from "./shop.mjs";

const flyover = resolve(process.env.FLYOVER ?? "build/flyover");
const inventory = resolve(process.env.INVENTORY ?? "build/examples/inventory");
const artefacts = process.env.ARTEFACTS ? resolve(process.env.ARTEFACTS) : null;
const require = createRequire(new URL("../../web/package.json", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "flyover-taken-"));

let browser;

before(async () => {
	browser = await openBrowser({
		permissions: ["clipboard-read", "clipboard-write"],
		acceptDownloads: true,
	});
	if (artefacts) mkdirSync(artefacts, { recursive: true });
});
after(async () => {
	await browser?.close();
	rmSync(scratch, { recursive: true });
});

const picture = async (page, name) => {
	if (artefacts) await page.screenshot({ path: join(artefacts, `${name}.png`) });
};
const whole = (page) => page.locator("[role=treegrid] [aria-level='1'] > :nth-child(3)").innerText();

/* Files of a folder, and more by their names, on a port of its own. */
async function serveFiles(folder, more) {
	const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm" };
	const server = createServer((request, reply) => {
		const name = decodeURIComponent(new URL(request.url, "http://x").pathname).slice(1) || "index.html";

		try {
			const body = more[name] ?? readFileSync(join(folder, name));

			reply.writeHead(200, { "Content-Type": types[extname(name)] ?? "application/octet-stream" });
			reply.end(body);
		} catch {
			reply.writeHead(404).end();
		}
	});

	await new Promise((done) => server.listen(0, "127.0.0.1", done));
	return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

describe("files and links", () => {
	let server, shop, page, complaints;
	const files = {};
	const isShop = (p) => p.service === "shop";
	const under = (name) => samplesWhere(shop, isShop, (stack) => stack.includes(name));

	before(async () => {
		server = await startServe(flyover, ["--data", "memory"]);
		shop = await fillShop(server.url);
		({ page, complaints } = await openPage(
			browser,
			`${server.url}explore?service=shop&from=${shop.begin}&until=${shop.end}`,
		));
		await page.getByText("Take along").click();
		for (const link of await page.locator(".along a").all()) {
			const [file] = await Promise.all([page.waitForEvent("download"), link.click()]);

			files[file.suggestedFilename()] = join(scratch, file.suggestedFilename());
			await file.saveAs(files[file.suggestedFilename()]);
		}
		await picture(page, "take-along");
	});
	after(async () => {
		await server?.stop();
	});

	test("go tool pprof reads the profile", (t) => {
		if (spawnSync("go", ["version"]).status !== 0) return t.skip("there is no go");
		const top = execFileSync("go", ["tool", "pprof", "-top", "-nodecount=20", files["flyover.pb.gz"]], {
			encoding: "utf8",
			env: { ...process.env, HOME: scratch, PPROF_TMPDIR: scratch },
			stdio: ["ignore", "pipe", "ignore"],
		});
		const row = top.split("\n").find((line) => /\bparse$/.test(line)).trim().split(/\s+/);

		assert.equal(parseFloat(row[0]), under("parse") / 100);
	});

	test("folded stacks have every sample", () => {
		const lines = readFileSync(files["flyover.folded"], "utf8").trim().split("\n");
		const sum = lines.reduce((all, line) => all + Number(line.slice(line.lastIndexOf(" "))), 0);

		assert.equal(sum, samplesWhere(shop, isShop) * 1e7);
	});

	test("the picture and the page in one file show the same", async () => {
		const alone = await browser.context.newPage();

		await alone.goto(`file://${files["flyover.svg"]}`);
		assert.ok(await alone.getByText("handle_search").count());
		await alone.goto(`file://${files["flyover.html"]}`);
		await alone.waitForSelector("[role=treegrid]");
		assert.equal(await whole(alone), await whole(page));
		await alone.close();
	});

	test("speedscope opens its file", async (t) => {
		let folder;

		try {
			folder = join(dirname(require.resolve("speedscope/package.json")), "dist/release");
		} catch {
			return t.skip("speedscope is not there (npm ci in web/)");
		}
		const host = await serveFiles(folder, { "shop.json": readFileSync(files["flyover.speedscope.json"]) });
		const other = await browser.context.newPage();
		const errors = [];

		other.on("pageerror", (error) => errors.push(String(error)));
		await other.goto(`${host.url}#profileURL=${encodeURIComponent(host.url + "shop.json")}&title=shop`);
		await other.getByText("Left Heavy").waitFor();
		await other.getByText("Sandwich").click();
		await other.getByText("parse", { exact: true }).first().waitFor();
		const row = await other.locator("tr", { hasText: "parse" }).first().innerText();

		assert.match(row, new RegExp(`${((100 * under("parse")) / samplesWhere(shop, isShop)).toFixed(0)}`));
		assert.deepEqual(errors, []);
		await picture(other, "speedscope");
		await other.close();
		host.close();
	});

	test("the copied link opens the same, and the copied command says the same", async () => {
		if (!(await page.locator(".along").getAttribute("open"))) {
			await page.locator(".along").evaluate((box) => (box.open = true));
		}
		await page.getByText("Copy link").click();
		await page.locator(".along output", { hasText: "Link copied" }).waitFor();
		const link = await page.evaluate(() => navigator.clipboard.readText());
		const again = await openPage(browser, link);

		assert.equal(await whole(again.page), await whole(page));
		await again.page.close();
		await page.getByText("Copy command").click();
		await page.locator(".along output", { hasText: "Command copied" }).waitFor();
		const command = await page.evaluate(() => navigator.clipboard.readText());

		assert.match(command, /^flyover query flame '/);
		const said = execFileSync("sh", ["-c", command.replace("query flame", "query top")], {
			encoding: "utf8",
			env: { ...process.env, PATH: `${dirname(flyover)}:${process.env.PATH}` },
		});

		assert.match(said, /parse/);
	});

	test("no complaints", () => {
		assert.deepEqual(complaints, []);
	});
});

const HOSTILE = [
	"<img src=x onerror=window.hacked=1>",
	"</script><script>window.hacked=1</script>",
	"\u202eevil\u2066text",
	"a&amp b\"'`<b>",
	"{{constructor}}${1}",
	"javascript:window.hacked=1",
	"関数名",
];

describe("names that mean harm", () => {
	let server;
	const trace = "deadbeefdeadbeefdeadbeefdeadbeef";

	before(async () => {
		server = await startServe(flyover, ["--data", "memory"]);
		for (const name of HOSTILE) {
			const words = new URLSearchParams({ service: name });

			words.append("label", `version=${name}`);
			const reply = await fetch(`${server.url}api/v1/profiles?${words}`, {
				method: "POST",
				body: pprof({
					types: [["cpu", "nanoseconds"]],
					period: ["cpu", "nanoseconds", 1e7],
					samples: [
						{ stack: ["main", ...HOSTILE], values: [3e9], labels: { trace_id: trace, span_id: trace.slice(16) } },
						{ stack: ["main", "L".repeat(1 << 20)], values: [1e9] },
					],
				}),
			});

			assert.equal(reply.status < 300, true, await reply.text());
		}
	});
	after(async () => {
		await server?.stop();
	});

	test("are text wherever they stand", async () => {
		const { page, complaints } = await openPage(browser, `${server.url}explore?group=version`);

		await page.waitForSelector(".legend li");
		await page.locator(".service summary").click();
		await page.locator(".service .choice").first().waitFor();
		await picture(page, "hostile");
		await page.locator(".service .choice").nth(1).click();
		await page.waitForFunction(() => new URL(location.href).searchParams.get("service"));
		await page.getByText("+ filter").click();
		await page.locator(".labels").getByText("version", { exact: true }).click();
		await page.locator(".add .choices .choice").first().click();
		await page.waitForSelector(".chip");
		await page.keyboard.press("Escape");
		for (const tab of ["Table", "Traces", "Compare", "Flame graph"])
			await page.getByRole("tab", { name: tab, exact: true }).click();
		await page.waitForSelector(".rows .row");
		for (let i = 0; i < 5; i++) {
			await page.getByRole("tab", { name: "Functions", exact: true }).click();
			await page.locator(".rows .row .link").nth(i).click();
			await page.waitForSelector(".function h2");
		}
		await page.goto(`${server.url}explore?service=${encodeURIComponent(HOSTILE[0])}&tab=compare&vs_label=${encodeURIComponent("version=" + HOSTILE[1])}`);
		await page.waitForSelector(".verdict, .banner");
		await page.goto(`${server.url}trace/${trace}`);
		await page.waitForSelector(".strip tbody tr");
		await page.goto(server.url);
		await page.waitForSelector(".services tbody tr");
		await page.waitForSelector(".hottest .name");
		assert.equal(await page.evaluate(() => window.hacked), undefined);
		assert.equal(await page.locator("img").count(), 0);
		const said = await page.locator(".services tbody th").allInnerTexts();

		assert.ok(said.some((name) => name.includes("<img src=x onerror=window.hacked=1>")));
		assert.ok(!said.some((name) => name.includes("\u202e")), "what turns the writing direction is spelled out");
		assert.deepEqual(complaints, []);
		await page.close();
	});

	test("an address that means harm is a place like any other", async () => {
		const { page, complaints } = await openPage(
			browser,
			`${server.url}explore?service=${encodeURIComponent(HOSTILE[1])}&type=${encodeURIComponent("cpu")}#f=${encodeURIComponent(HOSTILE[0])}&q=${encodeURIComponent("(a+)+$")}&regex=1&side=function`,
		);

		await page.waitForSelector(".function h2");
		assert.equal(await page.evaluate(() => window.hacked), undefined);
		assert.deepEqual(complaints, []);
		await page.close();
	});
});

describe("the keyboard alone", () => {
	let server, shop;

	before(async () => {
		server = await startServe(flyover, ["--data", "memory"]);
		shop = await fillShop(server.url);
	});
	after(async () => {
		await server?.stop();
	});

	const focused = (page) => page.evaluate(() => document.activeElement?.textContent ?? "");
	const tabTo = async (page, text) => {
		for (let i = 0; i < 60; i++) {
			await page.keyboard.press("Tab");
			if ((await focused(page)).trim() === text) return;
		}
		assert.fail(`Tab does not lead to ${text}`);
	};

	test("from the list to a function, to a comparison, and back", async () => {
		const page = await browser.context.newPage();

		await page.goto(`${server.url}?from=${shop.begin}&until=${shop.end}`);
		await page.waitForSelector(".services tbody tr");
		await tabTo(page, "shop");
		await page.keyboard.press("Enter");
		await page.waitForSelector("[role=treegrid]");
		await page.keyboard.press("/");
		await page.keyboard.type("regcomp");
		await page.keyboard.press("Enter");
		await page.keyboard.press("Escape");
		await page.keyboard.press("s");
		await page.locator(".function h2", { hasText: "regcomp" }).waitFor();
		await page.keyboard.press("3");
		await page.waitForSelector(".traces tbody tr");
		await page.keyboard.press("1");
		await tabTo(page, "+ filter");
		await page.keyboard.press("Enter");
		await page.locator(".labels .choice").first().waitFor();
		await page.keyboard.press("Tab");
		await page.keyboard.press("Enter");
		await page.locator(".add .choices input").waitFor();
		await page.keyboard.press("Tab");
		await page.keyboard.press("Tab");
		await page.keyboard.press("Enter");
		await page.waitForSelector(".chip");
		await page.keyboard.press("Escape");
		await page.locator(".plot").focus();
		await page.keyboard.press("ArrowRight");
		await page.waitForFunction(() => new URL(location.href).searchParams.get("at"));
		await page.keyboard.press("d");
		await page.waitForSelector(".verdict");
		await page.keyboard.press("?");
		assert.ok(await page.locator("dialog[open]").innerText());
		await page.keyboard.press("Escape");
		await page.goBack();
		await page.waitForFunction(() => !new URL(location.href).searchParams.get("vs"));
		await page.close();
	});
});

describe("a program that pushes its own profiles", () => {
	let server, service, load;

	const line = (child, pattern) =>
		new Promise((resolve, reject) => {
			let text = "";
			const timer = setTimeout(() => reject(new Error(`no ${pattern} in: ${text}`)), 60_000);
			const look = (bytes) => {
				text += bytes;
				const found = pattern.exec(text);

				if (!found) return;
				clearTimeout(timer);
				resolve(found);
			};

			child.stdout.on("data", look);
			child.stderr.on("data", look);
		});

	before(async () => {
		server = await startServe(flyover, ["--data", "memory"]);
		service = spawn(join(inventory, "inventory"), ["0", "2"], {
			env: { ...process.env, FLYOVER_PUSH: server.url, FLYOVER_PUSH_INTERVAL: "2", FLYOVER_LABELS: "service_name=inventory" },
		});
		const [, port] = await line(service, /http:\/\/127\.0\.0\.1:(\d+)/);

		load = spawn(join(inventory, "inventory-load"), [port, "2"], { stdio: "ignore" });
	});
	after(async () => {
		load?.kill();
		service?.kill();
		await server?.stop();
	});

	test("from its log's trace id to the hot function: a paste and a click", async () => {
		const [, trace] = await line(service, /trace_id=([0-9a-f]{32})/);
		const page = await browser.context.newPage();
		const complaints = [];

		page.on("pageerror", (error) => complaints.push(String(error)));
		/* Its profile comes with the next push. */
		for (let i = 0; i < 60; i++) {
			const reply = await fetch(`${server.url}api/v1/traces?trace=${trace}&from=now-10m`);

			if ((await reply.json()).found > 0) break;
			await new Promise((wake) => setTimeout(wake, 500));
		}
		await page.goto(server.url);
		await page.waitForSelector(".services tbody tr");
		await picture(page, "walk-1-services");
		await page.getByLabel("Trace id").fill(trace);
		await page.waitForSelector(".strip tbody tr");
		await page.waitForSelector(".rows .row");
		await picture(page, "walk-2-trace");
		await page.getByRole("button", { name: /the same hour/ }).click();
		await page.waitForSelector(".plot");
		await page.getByRole("button", { name: "Total %" }).click();
		await page.locator(".rows .link", { hasText: "re_compile_internal" }).first().click();
		await page.locator(".function h2", { hasText: "re_compile_internal" }).waitFor();
		await page.locator(".neighbours li").first().waitFor();
		await picture(page, "walk-3-function");
		assert.match(await page.locator(".neighbours").first().innerText(), /regcomp/);
		assert.deepEqual(complaints, []);
		await page.close();
	});
});
