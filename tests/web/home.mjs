/* home: the list of services in a real browser: what changed since yesterday, and who saw what.
 *
 *     FLYOVER=build/flyover ARTEFACTS=folder node --test home.mjs     screenshots go into the folder
 */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { axe, eventually, openBrowser, startServe } from "./browser.mjs";
import { sendStacks } from "./shop.mjs";

const flyover = resolve(process.env.FLYOVER ?? "build/flyover");
const artefacts = process.env.ARTEFACTS ? resolve(process.env.ARTEFACTS) : null;
const DAY = 86400;
const now = Math.floor(Date.now() / 1000);
const AGENT = "pid_start=100";

describe("four services, three of them there yesterday", () => {
	let server;

	before(async () => {
		if (artefacts) mkdirSync(artefacts, { recursive: true });
		server = await startServe(flyover, ["--data", "memory"]);
		for (const [service, ago, n, label] of [
			["steady", 0, 100, AGENT],
			["steady", DAY, 100, AGENT],
			["mixed", 0, 30, AGENT],
			["mixed", 0, 30, "pod=a"],
			["mixed", DAY, 60, "pod=a"],
			["grown", 0, 40, "pod=a"],
			["grown", DAY, 10, "pod=a"],
			["fresh", 0, 5, AGENT],
		])
			await sendStacks(server.url, { service, label, from: now - 60 - ago, until: now - ago }, [[["main", service], n]]);
	});
	after(() => server?.stop());

	for (const colorScheme of ["light", "dark"])
		test(`are told apart and put in order, in the ${colorScheme}`, async () => {
			const one = await openBrowser({ colorScheme });
			const page = await one.context.newPage();
			const names = () => page.locator(".services tbody th a").allInnerTexts();
			const cells = (n) => page.locator(`.services tbody td:nth-child(${n})`).allInnerTexts();

			await page.goto(`${server.url}?from=${now - 3600}&until=${now}`);
			await eventually(names, ["steady", "mixed", "grown", "fresh"]);
			await eventually(() => cells(5), ["+0 %", "+0 %", "× 4.00", "new"]);
			const marks = await page
				.locator(".services tbody th")
				.evaluateAll((all) => all.map((th) => th.querySelector(".told")?.textContent ?? ""));

			assert.deepEqual(marks, ["", "in part from inside", "from inside", ""]);
			const changed = page.getByRole("button", { name: "Since yesterday" });
			const isSorted = () => page.locator(".services th[aria-sort=descending]").innerText();

			assert.equal(await isSorted(), "On average");
			await changed.focus();
			await page.keyboard.press("Enter");
			await eventually(names, ["grown", "fresh", "steady", "mixed"]);
			assert.equal(await isSorted(), "Since yesterday");
			await eventually(async () => (await cells(6)).map((text) => text.split(" ")[0]), ["grown", "fresh", "steady", "mixed"]);
			if (artefacts) await page.screenshot({ path: join(artefacts, `home-changed-${colorScheme}.png`) });
			assert.deepEqual(await axe(page), []);
			await one.close();
		});
});
