/* block_columns: runs of numbers as a block holds them. */
#include "store/block_columns.h"

#include <string.h>

#include "wire/varints.h"

enum { PLAIN = 0, SIGNED = 1, MULTIPLE = 2, DIVIDED = 4 };

#define VARINT_MAX 10
#define SMALL_TIMES_MAX (INT64_C(1) << 34) /* times a number of 28 bits */

struct column {
	uint8_t how;
	int64_t times; /* of the first column's values, or of its own */
	struct view run;
};

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

/* Decoded into the lower half of where they go, then spread from the last one down. Times what no
 * product of such a number overflows with. */
static bool take_small_values(
	const struct column *column, const void *readable, int64_t *ret, size_t n, int64_t times)
{
	uint32_t *small = (uint32_t *)ret;

	if (times > SMALL_TIMES_MAX || times < -SMALL_TIMES_MAX ||
		!take_many(column->run, readable, small, n, 2 * n))
		return false;
	if (column->how & SIGNED)
		for (size_t i = n; i-- > 0;)
			ret[i] = block_columns_unzigzag(small[i]) * times;
	else
		for (size_t i = n; i-- > 0;)
			ret[i] = (int64_t)small[i] * times;
	return true;
}

static bool take_run_of_values(
	const struct column *column, const void *readable, int64_t *ret, size_t n, int64_t times)
{
	struct proto in = proto_of(column->run);

	if (take_small_values(column, readable, ret, n, times))
		return true;
	for (size_t i = 0; i < n; i++) {
		uint64_t number;

		if (!proto_varint(&in, &number))
			return false;
		ret[i] = column->how & SIGNED ? block_columns_unzigzag(number) : (int64_t)number;
		if (times != 1 && __builtin_mul_overflow(ret[i], times, &ret[i]))
			return false;
	}
	return in.at == in.end;
}

/* What a column is, its values not read yet. */
static bool take_column(struct proto *in, struct column *ret, size_t n)
{
	uint64_t number = 1;

	if (in->at == in->end || (ret->how = *in->at++) > (DIVIDED | SIGNED) || ret->how == 3)
		return false;
	if (ret->how == MULTIPLE) {
		if (!proto_varint(in, &number))
			return false;
		ret->times = block_columns_unzigzag(number);
		return true;
	}
	if (ret->how & DIVIDED && (!proto_varint(in, &number) || number > INT64_MAX))
		return false;
	ret->times = (int64_t)number;
	return take_run(in, &ret->run) && ret->run.len >= n;
}

bool block_columns_take_values(struct proto *in, int64_t *ret, size_t n, const int64_t *first)
{
	struct column column = { 0 };

	if (!take_column(in, &column, n))
		return false;
	if (column.how != MULTIPLE)
		return take_run_of_values(&column, in->end, ret, n, column.times);
	for (size_t i = 0; first && i < n; i++)
		if (__builtin_mul_overflow(first[i], column.times, &ret[i]))
			return false;
	return first;
}

bool block_columns_take_one(
	struct proto *in, int64_t *ret, size_t n, const struct block_columns_which *which)
{
	struct column first = { 0 }, column = { 0 }, chosen = { 0 };
	int64_t times;

	for (size_t t = 0; t < which->of; t++) {
		if (!take_column(in, &column, n))
			return false;
		if (t == 0)
			first = column;
		if (t == which->type)
			chosen = column;
	}
	if (first.how == MULTIPLE)
		return false;
	if (chosen.how != MULTIPLE)
		return take_run_of_values(&chosen, in->end, ret, n, chosen.times);
	if (__builtin_mul_overflow(first.times, chosen.times, &times))
		return false;
	return take_run_of_values(&first, in->end, ret, n, times);
}
