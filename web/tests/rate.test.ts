/* rate.test: CPU time is said in cores, bytes in bytes. */
import assert from "node:assert/strict";
import test from "node:test";
import { rate } from "../src/model/rate";

test("time is what went on at once", () => {
	assert.equal(rate(7200e9, "nanoseconds", 3600), "2.00 cores");
	assert.equal(rate(36e9, "nanoseconds", 3600), "1.00 % of a core");
	assert.equal(rate(0, "nanoseconds", 3600), "0.00 % of a core");
});

test("what is no time is a total", () => {
	assert.equal(rate(1024 * 1024, "bytes", 60), "1.00 MiB");
	assert.equal(rate(1200, "count", 60), "1,200");
});
