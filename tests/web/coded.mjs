/* coded: a program of our own, compiled, recorded and looked at: the line that it spends its time on has its code. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { startView } from "./browser.mjs";

const flyover = resolve(process.env.FLYOVER ?? "build/flyover");
const PROGRAM = `#include <time.h>
static volatile unsigned long sum;
__attribute__((noinline)) void burn(unsigned long n)
{
	for (unsigned long i = 0; i < n; i++)
		sum += i * i; /* here */
}
int main(void)
{
	for (clock_t end = clock() + 2 * CLOCKS_PER_SEC; clock() < end;)
		burn(1000000);
}
`;
const folder = mkdtempSync(join(tmpdir(), "flyover-coded-"));
const profile = join(folder, "out.pb.gz");
let recorded;

before(() => {
	writeFileSync(join(folder, "burn.c"), PROGRAM);
	assert.equal(spawnSync("cc", ["-g", "-O1", "-fno-omit-frame-pointer", "-o", "burn", "burn.c"], { cwd: folder }).status, 0);
	recorded = spawnSync(flyover, ["record", "-o", profile, "--", join(folder, "burn")], { encoding: "utf8" });
});
after(() => rmSync(folder, { recursive: true }));

const ask = async (server, path, words) => {
	const reply = await fetch(`${server.url}api/v1/${path}?${new URLSearchParams(words)}`);

	return [reply.status, await reply.text()];
};

test("the code of a function that was sampled is what the compiler read", async (t) => {
	if (recorded.status !== 0) return t.skip(`cannot record here: ${recorded.stderr}`);
	const server = await startView(flyover, [profile], ["--source-root", folder]);

	t.after(() => server.stop());
	const [, text] = await ask(server, "lines", { name: "burn" });
	const hottest = JSON.parse(text).lines.sort((a, b) => b[3] - a[3])[0];
	const [status, answer] = await ask(server, "source", { name: "burn", file: hottest[0] });

	assert.equal(status, 200, answer);
	const { first, lines, changed } = JSON.parse(answer);

	assert.equal(changed, false);
	assert.deepEqual(lines, PROGRAM.split("\n").slice(first - 1, first - 1 + lines.length));
	assert.match(lines[hottest[1] - first], /for|sum \+=/);
	/* Files that it does not name stay shut, even below the folder. */
	assert.equal((await ask(server, "source", { name: "burn", file: profile }))[0], 404);
	assert.equal((await ask(server, "source", { name: "burn", file: "/etc/passwd" }))[0], 404);
});

test("without a folder nothing is read, and the sentence says what to set", async (t) => {
	if (recorded.status !== 0) return t.skip(`cannot record here: ${recorded.stderr}`);
	const server = await startView(flyover, [profile]);

	t.after(() => server.stop());
	const [status, answer] = await ask(server, "source", { name: "burn", file: join(folder, "burn.c") });

	assert.equal(status, 404);
	assert.match(answer, /set source_roots/);
	const refused = spawnSync(flyover, ["view", "--no-browser", "--source-root", "/nowhere", profile], { encoding: "utf8" });

	assert.notEqual(refused.status, 0);
	assert.match(refused.stderr, /nowhere: No such file/);
});
