/* place.test: an address and where it leads, there and back. */
import assert from "node:assert/strict";
import test from "node:test";
import { addressOf, placeOf } from "../src/model/place";
import { filterText, parseFilter, selectorOf, whenOf } from "../src/model/selection";
import { axisMarks, fromInput, inputText, lengthText, spanText } from "../src/model/times";

const back = (address: string) => {
	const [path, search] = address.split("?");

	return addressOf(placeOf(path, search ?? ""));
};

test("an address is what its place writes", () => {
	for (const address of [
		"/",
		"/explore?service=shop",
		"/explore?service=shop&type=wall&from=now-6h&label=version%3Dv42&label=region%21%3Deu",
		"/explore?service=a+b%2F%C3%BC&from=1795933500&until=1795935300&at=1795933600-1795933700.5&group=version",
		"/explore?service=shop&tab=compare&vs=1d",
		"/explore?service=shop&vs=1795933600-1795933700&vs_label=version%3Dv41",
		"/trace/4bf92f3577b34da6a3ce929d0e0e4736?span=00f067aa0ba902b7&zone=utc",
	])
		assert.equal(back(address), address);
});

test("words without sense are left out", () => {
	assert.equal(back("/explore?tab=sideways&at=9-3&vs=never&label=&trace=xyz&embed=yes"), "/explore");
	assert.equal(back("/trace/nothing"), "/explore");
});

test("a trace is looked for in a whole day unless a range is named", () => {
	const trace = "4bf92f3577b34da6a3ce929d0e0e4736";

	assert.equal(placeOf(`/trace/${trace}`, "").selection.from, "now-24h");
	assert.equal(placeOf(`/trace/${trace}`, "from=now-5m").selection.from, "now-5m");
	assert.deepEqual(placeOf(`/trace/${trace.toUpperCase()}`, "").selection.traces, [trace]);
	assert.deepEqual(placeOf("/trace/a3ce929d0e0e4736", "").selection.traces, ["0".repeat(16) + "a3ce929d0e0e4736"]);
});

test("filters: any value of a label, all labels", () => {
	const filters = ["a=1", "a=2|3", "b!=x", 'c="\\'].map((text) => parseFilter(text)!);

	assert.deepEqual(filters.map(filterText), ["a=1", "a=2|3", "b!=x", 'c="\\']);
	const { selection } = placeOf("/explore", "service=s");

	assert.equal(
		selectorOf({ ...selection, filters }),
		'{service_name="s",a=~"1|2\\\\|3",b!="x",c="\\"\\\\"}',
	);
	assert.equal(parseFilter("=x"), null);
	assert.equal(parseFilter("1a=x"), null);
});

test("times are relative to now or they are not", () => {
	assert.equal(whenOf("now", 1000), 1000);
	assert.equal(whenOf("now-5m", 1000), 700);
	assert.equal(whenOf("12.5", 1000), 12.5);
	assert.equal(whenOf("1795933500", 0), 1795933500);
	assert.equal(whenOf("1795933500123", 0), 1795933500.123);
	assert.equal(whenOf("1795933500123456", 0), 1795933500.123456);
	assert.equal(whenOf("1795933500123456789", 0), 1795933500.1234567);
	assert.ok(Number.isNaN(whenOf("yesterday", 1000)));
});

test("an axis has whole steps", () => {
	const from = Date.UTC(2026, 10, 28, 23, 10) / 1000;

	assert.deepEqual(
		axisMarks(from, from + 3600, 4, true).map((mark) => mark.text),
		["23:15", "23:30", "23:45", "11-29"],
	);
	assert.deepEqual(
		axisMarks(from, from + 60, 4, true).map((mark) => mark.text),
		["23:10:00", "23:10:15", "23:10:30", "23:10:45", "23:11:00"],
	);
});

test("a range has its day only where it is not today", () => {
	const at = Date.UTC(2026, 10, 28, 20, 15, 7) / 1000;

	assert.equal(spanText(at, at + 60, at + 100, true), "20:15:07 – 20:16:07");
	assert.equal(spanText(at, at + 60, at + 86400, true), "2026-11-28 20:15:07 – 20:16:07");
	assert.equal(spanText(at, at + 86400, at + 86400, true), "2026-11-28 20:15 – 2026-11-29 20:15");
	assert.equal(lengthText(90), "90 s");
	assert.equal(lengthText(5400), "90 min");
	assert.equal(lengthText(86400 * 3), "3 d");
});

test("what is typed is what was shown", () => {
	const at = Date.UTC(2026, 10, 28, 20, 15, 7) / 1000;

	for (const utc of [true, false]) assert.equal(fromInput(inputText(at, utc), utc), at);
});
