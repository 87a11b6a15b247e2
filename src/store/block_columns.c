/* block_columns: runs of numbers as a block holds them. */
#include "store/block_columns.h"

#include <string.h>

#include "wire/varints.h"

enum { PLAIN = 0, SIGNED = 1, MULTIPLE = 2, DIVIDED = 4 };

#define VARINT_MAX 10

/* ---- writing ---- */

/* Room for n varints, after which put_end writes how long they are. */
static uint8_t *put_begin(struct buf *out, size_t n)
{
	return (uint8_t *)buf_reserve(out, (n + 1) * VARINT_MAX);
}

static uint8_t *put(uint8_t *at, uint64_t number)
{
	for (; number >= 0x80; number >>= 7)
		*at++ = (uint8_t)(number | 0x80);
	*at++ = (uint8_t)number;
	return at;
}

/* The run was written after a gap of VARINT_MAX bytes at `start`. */
static void put_end(struct buf *out, uint8_t *start, const uint8_t *end)
{
	size_t len = (size_t)(end - start) - VARINT_MAX;
	uint8_t *at = put(start, len);

	memmove(at, start + VARINT_MAX, len);
	out->len += (size_t)(at - start) + len;
}

void block_columns_put_ascending(struct buf *out, const uint32_t *numbers, size_t n)
{
	uint8_t *start = put_begin(out, n), *at = start + VARINT_MAX;
	uint32_t before = 0;

	if (!start)
		return;
	for (size_t i = 0; i < n; i++) {
		at = put(at, numbers[i] - before);
		before = numbers[i];
	}
	put_end(out, start, at);
}

void block_columns_put_numbers(struct buf *out, const uint32_t *numbers, size_t n)
{
	uint8_t *start = put_begin(out, n), *at = start + VARINT_MAX;

	if (!start)
		return;
	for (size_t i = 0; i < n; i++)
		at = put(at, numbers[i]);
	put_end(out, start, at);
}

static uint64_t gcd(uint64_t a, uint64_t b)
{
	while (b) {
		uint64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/* What divides all values: 0 if they are all 0, 1 if it is not worth looking further. */
static uint64_t common_divisor(const int64_t *values, size_t n)
{
	uint64_t divisor = 0;

	for (size_t i = 0; i < n && divisor != 1; i++)
		divisor = gcd(values[i] < 0 ? -(uint64_t)values[i] : (uint64_t)values[i], divisor);
	return divisor > INT64_MAX ? 1 : divisor;
}

/* Whether the values are a multiple of the first column's. */
static bool is_multiple(const int64_t *values, size_t n, const int64_t *first, int64_t *ret_factor)
{
	int64_t factor = 0, product;
	size_t i = 0;

	while (i < n && first[i] == 0 && values[i] == 0)
		i++;
	if (i == n || first[i] == 0 || (first[i] == -1 && values[i] == INT64_MIN))
		return i == n && (*ret_factor = 0, true);
	factor = values[i] / first[i];
	for (; i < n; i++)
		if (__builtin_mul_overflow(first[i], factor, &product) || product != values[i])
			return false;
	*ret_factor = factor;
	return true;
}

static void put_run(struct buf *out, const int64_t *values, size_t n, bool is_signed, int64_t by)
{
	uint8_t *start = put_begin(out, n), *at = start + VARINT_MAX;

	if (!start)
		return;
	for (size_t i = 0; i < n; i++) {
		int64_t value = by > 1 ? values[i] / by : values[i];

		at = put(at, is_signed ? block_columns_zigzag(value) : (uint64_t)value);
	}
	put_end(out, start, at);
}

void block_columns_put_values(
	struct buf *out, const int64_t *values, size_t n, const int64_t *first)
{
	bool is_signed = false;
	uint64_t divisor;
	int64_t factor;

	if (first && is_multiple(values, n, first, &factor)) {
		buf_add_char(out, MULTIPLE);
		proto_put_varint(out, block_columns_zigzag(factor));
		return;
	}
	for (size_t i = 0; i < n; i++)
		is_signed |= values[i] < 0;
	divisor = common_divisor(values, n);
	buf_add_char(out, (char)((is_signed ? SIGNED : PLAIN) | (divisor > 1 ? DIVIDED : 0)));
	if (divisor > 1)
		proto_put_varint(out, divisor);
	put_run(out, values, n, is_signed, (int64_t)divisor);
}

/* ---- reading ---- */

static bool take_run(struct proto *in, struct view *ret)
{
	uint64_t len;

	if (!proto_varint(in, &len) || len > (size_t)(in->end - in->at))
		return false;
	*ret = (struct view){ (const char *)in->at, (size_t)len };
	in->at += len;
	return true;
}

/* Numbers below 2^28, many at once; false if that cannot be: then they are taken one by one. */
static bool take_many(struct view run, const void *readable, uint32_t *ret, size_t n, size_t room)
{
	size_t done = 0;

	return run.len <= room && varints_decode(run, readable, ret, &done) && done == n;
}

static bool take_each(struct view run, uint32_t *ret, size_t n)
{
	struct proto numbers = proto_of(run);

	for (size_t i = 0; i < n; i++) {
		uint64_t number;

		if (!proto_varint(&numbers, &number) || number > UINT32_MAX)
			return false;
		ret[i] = (uint32_t)number;
	}
	return numbers.at == numbers.end;
}

static bool take_run_of(struct proto *in, uint32_t *ret, size_t n, size_t room)
{
	struct view run;

	return take_run(in, &run) && run.len >= n &&
	       (take_many(run, in->end, ret, n, room) || take_each(run, ret, n));
}

bool block_columns_take_numbers(
	struct proto *in, uint32_t *ret, size_t n, size_t room, uint32_t limit)
{
	uint32_t largest = 0;

	if (!take_run_of(in, ret, n, room))
		return false;
	for (size_t i = 0; i < n; i++)
		largest = ret[i] > largest ? ret[i] : largest;
	return n == 0 || largest < limit;
}

bool block_columns_take_ascending(
	struct proto *in, uint32_t *ret, size_t n, size_t room, uint32_t limit)
{
	uint64_t sum = 0;

	if (!take_run_of(in, ret, n, room))
		return false;
	for (size_t i = 0; i < n; i++) {
		sum += ret[i];
		ret[i] = (uint32_t)sum;
	}
	return n == 0 || sum < limit;
}

/* Decoded into the lower half of where they go, then spread from the last one down. */
static bool take_small_values(
	struct view run, const void *readable, int64_t *ret, size_t n, bool is_signed)
{
	uint32_t *small = (uint32_t *)ret;

	if (!take_many(run, readable, small, n, 2 * n))
		return false;
	for (size_t i = n; i-- > 0;)
		ret[i] = is_signed ? block_columns_unzigzag(small[i]) : (int64_t)small[i];
	return true;
}

static bool take_run_of_values(
	struct view run, const void *readable, int64_t *ret, size_t n, bool is_signed)
{
	struct proto in = proto_of(run);

	if (take_small_values(run, readable, ret, n, is_signed))
		return true;
	for (size_t i = 0; i < n; i++) {
		uint64_t number;

		if (!proto_varint(&in, &number))
			return false;
		ret[i] = is_signed ? block_columns_unzigzag(number) : (int64_t)number;
	}
	return in.at == in.end;
}

static bool take_multiple(struct proto *in, int64_t *ret, size_t n, const int64_t *first)
{
	uint64_t factor;

	if (!first || !proto_varint(in, &factor))
		return false;
	for (size_t i = 0; i < n; i++)
		if (__builtin_mul_overflow(first[i], block_columns_unzigzag(factor), &ret[i]))
			return false;
	return true;
}

bool block_columns_take_values(struct proto *in, int64_t *ret, size_t n, const int64_t *first)
{
	uint64_t divisor = 1;
	struct view run;
	uint8_t how;

	if (in->at == in->end || (how = *in->at++) > (DIVIDED | SIGNED) || how == 3)
		return false;
	if (how == MULTIPLE)
		return take_multiple(in, ret, n, first);
	if (how & DIVIDED && (!proto_varint(in, &divisor) || divisor > INT64_MAX))
		return false;
	if (!take_run(in, &run) || run.len < n ||
		!take_run_of_values(run, in->end, ret, n, how & SIGNED))
		return false;
	for (size_t i = 0; divisor > 1 && i < n; i++)
		if (__builtin_mul_overflow(ret[i], (int64_t)divisor, &ret[i]))
			return false;
	return true;
}
