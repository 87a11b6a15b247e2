/* names.test: names are text. Nothing in the page's source turns a string into markup or code. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";

const FORBIDDEN =
	/innerHTML|outerHTML|insertAdjacentHTML|document\.write|dangerouslySetInnerHTML|\beval\(|new Function|srcdoc|javascript:|DOMParser|createContextualFragment/;

function sources(folder: string): string[] {
	return readdirSync(folder).flatMap((name) => {
		const path = join(folder, name);

		return statSync(path).isDirectory() ? sources(path) : [path];
	});
}

/* The runner starts in web/. */
const files = sources("src").filter((path) => /\.(tsx?|html)$/.test(path));

test("no source makes markup or code out of a string", () => {
	assert.ok(files.length > 20);
	for (const path of files)
		assert.doesNotMatch(readFileSync(path, "utf8"), FORBIDDEN, `${path} must not`);
});

test("the page names no other host", () => {
	for (const path of files)
		for (const [url] of readFileSync(path, "utf8").matchAll(/https?:\/\/[^"'\s<]+/g))
			assert.ok(url.startsWith("http://www.w3.org/"), `${path}: ${url}`);
});

test("drawing knows no network and no view, views touch no pixel", () => {
	for (const path of files) {
		const text = readFileSync(path, "utf8");

		if (path.startsWith(join("src", "draw")))
			assert.doesNotMatch(text, /from "\.\.\/|fetch\(|preact/, path);
		if (path.startsWith(join("src", "views"))) assert.doesNotMatch(text, /getContext|fillRect/, path);
	}
});
