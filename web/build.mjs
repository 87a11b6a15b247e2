/* build: bundles the pages, and packs them as C for the binary: every file gzipped and named by its
 * content, and the frame of a self-contained document. All pages load the same script and style. */
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const BUDGET = 60_000; // gzipped bytes of all pages and what they load
const MIMES = {
	html: "text/html; charset=utf-8",
	js: "text/javascript; charset=utf-8",
	css: "text/css; charset=utf-8",
	svg: "image/svg+xml",
};
const sha256 = (text) => createHash("sha256").update(text).digest();

const COMMON = {
	bundle: true,
	minify: true,
	target: ["chrome108", "firefox113", "safari16.4"],
	charset: "ascii",
	legalComments: "none",
	write: false,
};
const path = (name) => new URL(`src/${name}`, import.meta.url).pathname;

async function bundle(entry, format = "iife") {
	const result = await build({ ...COMMON, entryPoints: [path(entry)], format });

	return result.outputFiles[0].text.trim();
}

function fill(template, words) {
	return template.replace(/\{\{([a-z-]+)\}\}/g, (_, word) => {
		if (!(word in words)) throw new Error(`nobody fills {{${word}}}`);
		return words[word];
	});
}

/* A C string literal, so that compilers take it fast; octal escapes end by themselves. */
function literal(bytes) {
	const lines = [];

	for (let i = 0; i < bytes.length; i += 64) {
		const line = [...bytes.subarray(i, i + 64)]
			.map((b) => "\\" + b.toString(8).padStart(3, "0"))
			.join("");

		lines.push(`\t"${line}"`);
	}
	return lines.join("\n");
}

function pack(files, document) {
	const out = ["/* page_files: written by web/build.mjs; the page as the binary carries it. */"];

	out.push('#include "render/page.h"', "");
	out.push("const struct page_file page_files[] = {");
	for (const file of files) {
		const zipped = gzipSync(file.bytes, { level: 9 });

		out.push("\t{", `\t\t.path = "${file.path}",`, `\t\t.mime = "${file.mime}",`);
		out.push(`\t\t.immutable = ${file.mime !== MIMES.html},`);
		out.push(`\t\t.plain = { ${literal(file.bytes).trimStart()},\n\t\t\t${file.bytes.length} },`);
		out.push(`\t\t.gzip = { ${literal(zipped).trimStart()},\n\t\t\t${zipped.length} },`, "\t},");
	}
	out.push("\t{ 0 },", "};", "");
	const [head, tail] = document.map((text) => Buffer.from(text));

	out.push(`const struct view page_export_head = {\n${literal(head)}, ${head.length} };`);
	out.push(`const struct view page_export_tail = {\n${literal(tail)}, ${tail.length} };`, "");
	return out.join("\n");
}

const source = (name) => readFile(new URL(`src/${name}`, import.meta.url), "utf8");
const js = await bundle("document.tsx"); // for a document that holds all of it
const css = await bundle("style/document.css");
const files = [];

/* Puts a file among the others; the result is its address. */
function named(name, ext, text) {
	const hash = sha256(text).toString("hex").slice(0, 16);

	files.push({ path: `/${name}.${hash}.${ext}`, mime: MIMES[ext], bytes: Buffer.from(text) });
	return files.at(-1).path;
}

const words = {
	icon: named("icon", "svg", await source("icon.svg")),
	css: named("pages", "css", await bundle("style/pages.css")),
	js: named("pages", "js", await bundle("pages.tsx", "esm")),
};

for (const [at, template] of [
	["/dash", "dash.html"],
	["/", "index.html"],
])
	files.unshift({ path: at, mime: MIMES.html, bytes: Buffer.from(fill(await source(template), words)) });
const inline = fill(await source("export.html"), {
	"js-hash": "sha256-" + sha256(js).toString("base64"),
	"css-hash": "sha256-" + sha256(css).toString("base64"),
	"js-text": js,
	"css-text": css,
});
const document = inline.split("<!--profile-->\n");

if (document.length !== 2) throw new Error("the document has no place for the profile");
if (/<\/(script|style)/i.test(js + css)) throw new Error("the bundle would end its own element");

const dist = new URL("dist/", import.meta.url);
const size = files.reduce((sum, file) => sum + gzipSync(file.bytes, { level: 9 }).length, 0);

if (size > BUDGET) throw new Error(`the page is ${size} bytes gzipped; the budget is ${BUDGET}`);
await rm(dist, { recursive: true, force: true });
await mkdir(dist);
await writeFile(new URL("page_files.c", dist), pack(files, document));
console.log(`page: ${size} bytes gzipped of ${BUDGET}`);
