/* format.test: numbers with as many digits as they deserve. */
import assert from "node:assert/strict";
import test from "node:test";
import { amount, halfInterval, percent, shareText } from "../src/model/format";

test("amounts have their unit and three significant digits", () => {
	assert.equal(amount(1_234_000_000, "nanoseconds"), "1.23 s");
	assert.equal(amount(45_600_000, "nanoseconds"), "45.6 ms");
	assert.equal(amount(3 * 1024 * 1024, "bytes"), "3.00 MiB");
	assert.equal(amount(2970, "count"), "2,970");
	assert.equal(amount(0, "nanoseconds"), "0 ns");
});

test("a share is not rounded into what it is not", () => {
	assert.equal(percent(0), "0 %");
	assert.equal(percent(0.00001), "< 0.01 %");
	assert.equal(percent(0.99999), "> 99.9 %");
	assert.equal(percent(1), "100 %");
	assert.equal(percent(0.4123), "41.2 %");
	assert.equal(percent(0.0123), "1.23 %");
});

test("the interval is Wilson's: wide for few samples, never empty at the ends", () => {
	/* Newcombe (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29; 95 % score intervals. */
	const published: [number, number, number, number][] = [
		[81, 263, 0.2553, 0.3662],
		[15, 148, 0.0624, 0.1605],
		[0, 20, 0.0, 0.1611],
		[1, 29, 0.0061, 0.1718],
	];

	for (const [hits, n, low, high] of published)
		assert.ok(Math.abs(halfInterval(hits / n, n) - (high - low) / 2) < 0.0001);
	assert.ok(Number.isNaN(halfInterval(0.5, 0)));
});

test("a share says how sure it is when that is known", () => {
	assert.equal(shareText(0.731, 3000), "73.1 % ± 1.6");
	assert.equal(shareText(0.731, 0), "73.1 %");
});
