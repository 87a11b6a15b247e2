/* browser: the distribution's Chromium, a page in it, and everything it complains about. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";

const require = createRequire(new URL("../../web/package.json", import.meta.url));
const { chromium } = require("playwright-core");

const axeSource = () => require.resolve("axe-core/axe.min.js");
const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
	existsSync,
);

const ARGS = [
	"--headless",
	"--no-sandbox",
	"--disable-gpu",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
	"--disable-dev-shm-usage", // containers have little of it, and a large canvas needs some
];

/* A fresh browser; `more` are options of its context (viewport, colorScheme …). */
export async function openBrowser(more = {}) {
	const home = await mkdtemp(join(tmpdir(), "flyover-web-"));
	const context = await chromium.launchPersistentContext(home, {
		executablePath: CHROMIUM,
		args: ARGS,
		viewport: { width: 1440, height: 900 },
		reducedMotion: "reduce",
		...more,
	});

	return {
		context,
		async close() {
			await context.close();
			await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
		},
	};
}

/* A page that remembers errors, warnings and refused loads. */
export async function openPage(browser, url) {
	const page = await browser.context.newPage();
	const complaints = [];

	page.on("console", (message) => {
		if (["error", "warning"].includes(message.type())) complaints.push(message.text());
	});
	page.on("pageerror", (error) => complaints.push(String(error)));
	await page.addInitScript(() => {
		addEventListener("securitypolicyviolation", (event) =>
			console.error("CSP: " + event.violatedDirective + " " + event.blockedURI),
		);
	});
	await page.goto(url);
	await page.waitForFunction(() => document.querySelector("[role=treegrid]"), null, {
		timeout: 60000,
	});
	return { page, complaints };
}

/* What a page shows follows what is done to it, at its own pace: read until it is as expected, for ten seconds. */
export async function eventually(read, expected) {
	for (const end = Date.now() + 10000; ; await new Promise((wake) => setTimeout(wake, 20))) {
		const seen = await read();

		if (isDeepStrictEqual(seen, expected)) return;
		if (Date.now() > end) assert.deepEqual(seen, expected);
	}
}

/* Until a child has printed its address: { url, pid, exited, stop, kill }. */
function addressOf(child, name) {
	const exited = new Promise((resolve) =>
		child.on("exit", (code, signal) => resolve(signal ?? code)),
	);

	return new Promise((resolve, reject) => {
		let out = "";
		let talk = "";

		child.stderr.on("data", (bytes) => (talk += bytes));
		child.stdout.on("data", (bytes) => {
			out += bytes;
			if (out.includes("\n"))
				resolve({
					url: out.split("\n")[0],
					pid: child.pid,
					exited,
					async stop() {
						child.kill("SIGINT");
						return exited;
					},
					kill: () => child.kill("SIGKILL"),
				});
		});
		exited.then((status) => reject(new Error(`${name} ended with ${status}: ${talk}`)));
	});
}

/* `flyover view` on a free port; resolves when it has printed its address. */
export function startView(flyover, sources, options = []) {
	const child = spawn(
		flyover,
		["view", "--no-browser", "--http", "127.0.0.1:0", ...options, ...sources],
		{ stdio: ["ignore", "pipe", "pipe"] },
	);

	return addressOf(child, "flyover view");
}

/* `flyover serve`, on a free port unless it is told one. */
export function startServe(flyover, options = [], listen = "127.0.0.1:0") {
	const child = spawn(flyover, ["serve", "--listen", listen, ...options], {
		stdio: ["ignore", "pipe", "pipe"],
	});

	return addressOf(child, "flyover serve");
}

/* What axe-core finds serious. It runs in the page's own world: Trusted Types forbid adding it as a script. */
export async function axe(page) {
	const session = await page.context().newCDPSession(page);
	const evaluate = async (expression) => {
		const { result, exceptionDetails } = await session.send("Runtime.evaluate", {
			expression,
			awaitPromise: true,
			returnByValue: true,
		});

		if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
		return result.value;
	};

	await evaluate(readFileSync(axeSource(), "utf8") + "\n;0");
	const text = await evaluate(
		"axe.run(document, { resultTypes: ['violations'] }).then((r) => JSON.stringify(r.violations))",
	);

	await session.detach();
	return JSON.parse(text)
		.filter((v) => ["serious", "critical"].includes(v.impact))
		.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(" | ")}`);
}
