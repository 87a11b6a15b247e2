/* clip.test: short names that can still be told apart, and names that cannot mislead. */
import assert from "node:assert/strict";
import test from "node:test";
import { clip, functionStart, shown, shownBriefly, unmarked } from "../src/draw/clip";

test("the function's own name is found behind packages and templates", () => {
	const own = (name: string) => name.slice(functionStart(name));

	assert.equal(own("github.com/acme/shop/cart.(*Cart).Add"), "Add");
	assert.equal(own("std::map<std::string, std::vector<int>>::find"), "find");
	assert.equal(own("java.lang.String.indexOf"), "indexOf");
	assert.equal(own("regcomp"), "regcomp");
	assert.equal(own("core::ops::Fn<(usize, a::b)>::call(a::b, c::d)"), "call(a::b, c::d)");
});

test("a name is never longer than its room", () => {
	const names = ["main", "github.com/acme/shop/cart.(*Cart).Add", "x".repeat(5000), "a::b::c", ""];

	for (const name of names)
		for (let room = 0; room < 60; room++) assert.ok(clip(name, room).length <= room || room < 3);
	for (const name of names) assert.equal(clip(name, 2), name.length <= 2 ? name : "");
});

test("package and function both stay readable where there is room for both", () => {
	assert.equal(clip("github.com/acme/shop/cart.(*Cart).Checkout", 20), "github.com/…Checkout");
});

test("the function wins over its package", () => {
	assert.equal(clip("github.com/acme/shop/cart.(*Cart).Checkout", 8), "Checkout");
});

test("a name that fits is not touched", () => {
	assert.equal(clip("re_compile_internal", 19), "re_compile_internal");
});

test("the end of a long function stays, so that siblings differ", () => {
	assert.notEqual(clip("parse_expression_left", 12), clip("parse_expression_right", 12));
});

test("controls and marks that turn the text around become visible", () => {
	assert.equal(shown("a\u202eb"), "a‹202E›b");
	assert.equal(shown("a\u0000\n\u2066"), "a‹0000›‹000A›‹2066›");
	assert.equal(shown("naïve 関数"), "naïve 関数");
});

test("a name of a mebibyte is shown briefly and says how long it is", () => {
	const text = shownBriefly("f".repeat(1 << 20));

	assert.ok(text.length < 500);
	assert.match(text, /1,048,576 characters/);
});

test("a mark of the kind is not part of a label", () => {
	assert.equal(unmarked("tcp_sendmsg_[k]"), "tcp_sendmsg");
	assert.equal(unmarked("array_[x]"), "array_[x]");
});
