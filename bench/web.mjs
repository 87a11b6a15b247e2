#!/usr/bin/env node
/* web: how long the page takes to show a profile, and how smoothly it moves; beside speedscope.
 *
 *     bench/web.mjs BUILD [RUNS] [NODES…]
 *
 * Each run is a fresh browser. "paint" is from the start of navigation to the second animation frame after
 * the canvas has colours, of the page of `flyover view` and of a server's dashboard. Then the pointer zooms in and out for thirty steps and frame intervals are counted.
 * The server is started before the clock: it has parsed the profile by then, its time is given apart.
 * speedscope (from npm, into BUILD) parses the same folded text in the page; past 200,000 nodes it is left out.
 */
import { spawnSync } from "node:child_process";
import { createServer } from "node:http";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join, resolve } from "node:path";
import { openBrowser, startServe, startView } from "../tests/web/browser.mjs";
import { largeFolded } from "../tests/web/make_profile.mjs";

const [build = "build", runs = "3", ...sizes] = process.argv.slice(2);
const flyover = join(build, "flyover");
const nodes = sizes.length ? sizes.map(Number) : [20_000, 200_000, 1_500_000];
const PEER_MAX = 200_000;
const scratch = mkdtempSync(join(tmpdir(), "flyover-bench-"));
const median = (list) => list.slice().sort((a, b) => a - b)[Math.floor(list.length / 2)];
const share = (list, p) =>
	list.slice().sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * p))];

/* Resolves two frames after some canvas of the page has more than a few colours. */
function untilPainted() {
	return new Promise((done) => {
		const look = () => {
			for (const canvas of document.querySelectorAll("canvas")) {
				if (canvas.width < 300 || canvas.height < 300) continue;
				const copy = document.createElement("canvas");

				[copy.width, copy.height] = [200, 200];
				const ctx = copy.getContext("2d");

				ctx.drawImage(canvas, 0, 0, 200, 200);
				const { data } = ctx.getImageData(0, 0, 200, 200);
				const seen = new Set();

				for (let i = 0; i < data.length; i += 4)
					seen.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
				if (seen.size > 12)
					return requestAnimationFrame(() =>
						requestAnimationFrame(() => done(performance.now())),
					);
			}
			requestAnimationFrame(look);
		};

		look();
	});
}

/* One movement: its frame intervals, from the first input to the second frame after the last one. */
async function intervalsOf(page, move) {
	await page.evaluate(() => {
		window.stamps = [];
		window.stamping = true;
		const stamp = (now) => {
			window.stamps.push(now);
			if (window.stamping) requestAnimationFrame(stamp);
		};

		requestAnimationFrame(stamp);
	});
	await move();
	const stamps = await page.evaluate(() => {
		window.stamping = false;
		return window.stamps;
	});

	return stamps.slice(1).map((t, i) => t - stamps[i]);
}

async function measure(url, more = false) {
	const browser = await openBrowser({ reducedMotion: "no-preference" });

	try {
		const page = await browser.context.newPage();

		await page.goto(url, { waitUntil: "commit" });
		const paint = await page.evaluate(untilPainted);
		const canvas = page.locator("canvas").last();
		const box = await canvas.boundingBox();
		const x = box.x + box.width / 3;
		const y = box.y + box.height / 2;

		/* What the picture was asked for while it appeared is no part of how it moves. */
		if (more) await page.waitForFunction(() => !document.querySelector(".progress"), null, { timeout: 60000 });
		const zoom = await intervalsOf(page, async () => {
			await page.keyboard.down("Control");
			for (let i = 0; i < 30; i++) {
				await page.mouse.move(x + i * 4, y);
				await page.mouse.wheel(0, i < 15 ? -50 : 50);
			}
			await page.keyboard.up("Control");
		});
		const result = { paint, intervals: zoom };

		if (more) {
			result.pan = await intervalsOf(page, async () => {
				await page.keyboard.press("+");
				await page.mouse.move(x, y);
				await page.mouse.down();
				for (let i = 0; i < 60; i++) await page.mouse.move(x + 200 * Math.sin(i / 5), y);
				await page.mouse.up();
			});
			const began = Date.now();

			result.search = await intervalsOf(page, async () => {
				await page.keyboard.press("/");
				await page.keyboard.type("function_12", { delay: 60 });
				await page.locator(".numbers b").first().waitFor({ timeout: 60000 });
			});
			result.found = Date.now() - began;
		}
		result.heap = await page.evaluate(() => performance.memory?.usedJSHeapSize ?? 0);
		return result;
	} finally {
		await browser.close();
	}
}

/* A server that has the profile; the time that it took to take it in is not counted. */
async function serveIt(file) {
	const now = Math.floor(Date.now() / 1000);
	const limits = { body_bytes: 1 << 30, unpacked_bytes: 1 << 30, samples: 1 << 24, frames: 1 << 28, burst_bytes: 1 << 30 };
	const config = join(scratch, "serve.yml");

	/* Room to take it in; answers have what they have by default. */
	writeFileSync(config, "memory: 2GB\n");
	const server = await startServe(resolve(flyover), ["--data", "memory", "--config", config, "--query-memory-total", "128MiB", ...Object.entries(limits).flatMap(([name, n]) => ["--limit", `${name}=${n}`])]);
	const words = new URLSearchParams({ service: "big", type: "cpu", from: now - 60, until: now });
	const packed = `${file}.pb.gz`;

	if (!existsSync(packed)) spawnSync(resolve(flyover), ["convert", "-o", packed, file]);
	const reply = await fetch(`${server.url}api/v1/profiles?${words}`, { method: "POST", body: readFileSync(packed) });

	if (!reply.ok) throw new Error(await reply.text());
	return { server, page: `${server.url}explore?service=big&from=${now - 3600}&until=${now}` };
}

/* The folder of its release, or null where it cannot be had. */
function speedscope() {
	const home = resolve(build, "speedscope");
	const release = join(home, "node_modules/speedscope/dist/release");

	if (!existsSync(release))
		spawnSync("npm", ["install", "--silent", "--no-save", "--prefix", home, "speedscope@1.25.0"]);
	if (existsSync(release)) return release;
	console.log("speedscope is not to be had here: no peer");
	return null;
}

const MIMES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm" };

/* speedscope's released folder, and the profile, from one address. */
function serveSpeedscope(folder, profile) {
	const server = createServer((request, reply) => {
		const path = new URL(request.url, "http://x").pathname;
		const file = path === "/profile" ? profile : join(folder, path === "/" ? "index.html" : path);

		if (!existsSync(file) || !statSync(file).isFile()) return reply.writeHead(404).end();
		reply.writeHead(200, { "content-type": MIMES[extname(file)] ?? "text/plain" });
		reply.end(readFileSync(file));
	});

	return new Promise((done) => server.listen(0, "127.0.0.1", () => done(server)));
}

/* A run that fails is told and not counted. */
async function attempt(results, url, more = false) {
	try {
		results.push(await measure(url, more));
	} catch (error) {
		console.log(`${url} failed: ${error.message.split("\n")[0]}`);
	}
}

function report(name, count, results) {
	if (results.length === 0) return;
	const intervals = results.flatMap((r) => r.intervals);
	const paints = results.map((r) => r.paint);

	console.log(
		[
			name.padEnd(11),
			String(count).padStart(9),
			`paint ${median(paints).toFixed(0).padStart(6)} ms (${Math.min(...paints).toFixed(0)}–${Math.max(...paints).toFixed(0)})`,
			`frame p50 ${share(intervals, 0.5).toFixed(0)} p95 ${share(intervals, 0.95).toFixed(0)} max ${Math.max(...intervals).toFixed(0)} ms`,
			`heap ${(median(results.map((r) => r.heap)) / 1e6).toFixed(0)} MB`,
		].join("  "),
	);
}

const moved = (what, intervals) =>
	`${what} p50 ${share(intervals, 0.5).toFixed(0)} p95 ${share(intervals, 0.95).toFixed(0)} max ${Math.max(...intervals).toFixed(0)} ms`;

/* The same profile behind a server's page, cold: nothing of it was asked for before. */
async function dashboard(count, file) {
	const results = [];

	for (let run = 0; run < Number(runs); run++) {
		const { server, page } = await serveIt(file);

		await attempt(results, page, true);
		await server.stop();
	}
	report("dashboard", count, results);
	for (const what of ["pan", "search"])
		console.log(`            ${moved(what, results.flatMap((r) => r[what]))}`);
	console.log(`            matches shown ${median(results.map((r) => r.found))} ms after "/"`);
}

const folder = speedscope();

for (const count of nodes) {
	const file = join(scratch, `${count}.folded`);

	writeFileSync(file, largeFolded(count));
	console.log(`${count} nodes, ${(statSync(file).size / 1e6).toFixed(1)} MB of folded text`);
	const began = Date.now();
	const server = await startView(resolve(flyover), [file]);

	console.log(`flyover view had parsed it after ${Date.now() - began} ms`);
	const peer = folder && count <= PEER_MAX ? await serveSpeedscope(folder, file) : null;
	const ours = [];
	const theirs = [];

	for (let run = 0; run < Number(runs); run++) {
		await attempt(ours, server.url);
		if (peer) await attempt(theirs, `http://127.0.0.1:${peer.address().port}/#profileURL=/profile`);
	}
	report("flyover", count, ours);
	if (peer && theirs.length) {
		report("speedscope", count, theirs);
		console.log(`ratio of paint: ${(median(theirs.map((r) => r.paint)) / median(ours.map((r) => r.paint))).toFixed(1)}`);
		peer.close();
	}
	await server.stop();
	await dashboard(count, file);
}
rmSync(scratch, { recursive: true });
