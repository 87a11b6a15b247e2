/* run_tests: bundles tests/*.test.ts and hands them to node's test runner. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const here = fileURLToPath(new URL("tests/", import.meta.url));
const out = mkdtempSync(join(tmpdir(), "flyover-web-"));
const names = readdirSync(here).filter((name) => name.endsWith(".test.ts"));

buildSync({
	entryPoints: names.map((name) => join(here, name)),
	bundle: true,
	platform: "node",
	format: "esm",
	outdir: out,
	outExtension: { ".js": ".mjs" },
	logLevel: "warning",
});
const files = names.map((name) => join(out, name.replace(/\.ts$/, ".mjs")));
const { status } = spawnSync(process.execPath, ["--test", ...files], { stdio: "inherit" });

rmSync(out, { recursive: true });
process.exitCode = status ?? 1;
