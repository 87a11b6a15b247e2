/* test_varints: a run decoded at once is what the plain reader makes of it. */
#include "testing.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/hash.h"
#include "wire/proto.h"
#include "wire/varints.h"

#define NUMBERS 3000

/* The run lies in memory of exactly its size plus `behind`, so that a sanitizer sees a read past
 * it; what lies behind looks like numbers that go on. */
static bool decode(const struct buf *run, size_t behind, uint32_t *ret, size_t *ret_n)
{
	char *copy = malloc(run->len + behind + 1);
	bool ok;

	assert_non_null(copy);
	memset(copy, 0xff, run->len + behind);
	if (run->len)
		memcpy(copy, run->at, run->len);
	ok = varints_decode((struct view){ copy, run->len }, copy + run->len + behind, ret, ret_n);
	free(copy);
	return ok;
}

static void runs_of_any_length_and_width_are_read(void **state)
{
	static const size_t behinds[] = { 0, 3, 200 };
	uint32_t *numbers = calloc(NUMBERS, sizeof(*numbers));
	uint32_t *read = calloc(4 * NUMBERS, sizeof(*read));

	assert_true(numbers && read);
	for (size_t n = 0; n < NUMBERS; n = n * 5 / 4 + 1) {
		BUF_AUTO run = { 0 };
		size_t n_read;

		for (size_t i = 0; i < n; i++) {
			numbers[i] = (uint32_t)(hash_u64(i + n) >> (36 + hash_u64(i) % 4 * 7));
			proto_put_varint(&run, numbers[i]);
		}
		for (size_t b = 0; b < 3; b++) {
			assert_true(decode(&run, behinds[b], read, &n_read));
			assert_int_equal(n_read, n);
			assert_memory_equal(read, numbers, n * sizeof(*numbers));
		}
	}
	free(numbers);
	free(read);
}

static void cut_and_large_numbers_are_left_to_others(void **state)
{
	uint32_t read[400];
	size_t n;

	for (size_t before = 0; before < 130; before++) {
		BUF_AUTO cut = { 0 };
		BUF_AUTO large = { 0 };
		BUF_AUTO fits = { 0 };

		for (size_t i = 0; i < before; i++) {
			buf_add_char(&cut, 1);
			buf_add_char(&large, 1);
			buf_add_char(&fits, 1);
		}
		buf_add_char(&cut, (char)0x81);
		proto_put_varint(&large, 1 << 28);
		proto_put_varint(&fits, (1 << 28) - 1);
		for (size_t behind = 0; behind < 200; behind += 199) {
			assert_false(decode(&cut, behind, read, &n));
			assert_false(decode(&large, behind, read, &n));
			assert_true(decode(&fits, behind, read, &n));
			assert_int_equal(read[before], (1 << 28) - 1);
		}
		buf_add_char(&large, 1);
		assert_false(decode(&large, 0, read, &n));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs_of_any_length_and_width_are_read),
		cmocka_unit_test(cut_and_large_numbers_are_left_to_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
