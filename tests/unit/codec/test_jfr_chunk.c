/* test_jfr_chunk: headers, chains of checkpoints, texts that are named by number. */
#include "testing.h"

#include "codec/jfr_chunk.h"
#include "codec/jfr_format.h"
#include "codec/jfr_made_end.h"

static int open_bytes(struct buf *bytes, size_t entries, struct err *err)
{
	struct view rest = buf_view(bytes);
	struct jfr_chunk chunk;
	int rc = jfr_chunk_open(&rest, entries, &chunk, err);

	jfr_chunk_close(&chunk);
	return rc;
}

static void all_checkpoints_of_the_chain_are_read(void **state)
{
	struct view rest;
	struct jfr_chunk chunk;
	BUF_AUTO bytes = { 0 };

	jfr_made(&bytes);
	buf_add_text(&bytes, "next");
	rest = buf_view(&bytes);
	assert_int_equal(jfr_chunk_open(&rest, 100, &chunk, NULL), 0);
	assert_view_equal(rest, "next");
	assert_int_equal(chunk.time_ns, 1700000000000000000);
	assert_int_equal(chunk.duration_ns, 5000000000);
	assert_int_equal(chunk.pools[JFR_STACKS].count, 2);
	assert_int_equal(chunk.pools[JFR_SYMBOLS].count, 5);
	assert_view_equal(jfr_chunk_pooled_text(&chunk, JFR_SYMBOLS, 2, "string"), "main");
	assert_view_equal(jfr_chunk_pooled_text(&chunk, JFR_STATES, 2, "name"), "STATE_SLEEPING");
	assert_int_equal(jfr_chunk_pooled_text(&chunk, JFR_STATES, 9, "name").len, 0);
	assert_int_equal(jfr_chunk_pooled_text(&chunk, JFR_METHODS, 1, "name").len, 0);
	jfr_chunk_close(&chunk);
}

static void what_is_damaged_says_how(void **state)
{
	BUF_AUTO bytes = { 0 };
	struct err err = { 0 };

	jfr_made(&bytes);
	assert_true(jfr_chunk_is(buf_view(&bytes)));
	bytes.len -= 1;
	assert_int_equal(open_bytes(&bytes, 100, &err), ERR_CORRUPT);
	assert_non_null(strstr(err.text, "cut off"));
	bytes.len += 1;
	assert_int_equal(open_bytes(&bytes, 10, &err), ERR_LIMIT);
	made_big(&bytes, 24, bytes.len);
	assert_int_equal(open_bytes(&bytes, 100, &err), ERR_CORRUPT);
	assert_non_null(strstr(err.text, "outside"));
	bytes.at[5] = 1;
	assert_int_equal(open_bytes(&bytes, 100, &err), ERR_UNSUPPORTED);
	bytes.at[0] = 'G';
	assert_false(jfr_chunk_is(buf_view(&bytes)));
	assert_int_equal(open_bytes(&bytes, 100, &err), ERR_CORRUPT);
}

static void a_chain_that_goes_forward_is_refused(void **state)
{
	BUF_AUTO bytes = { 0 };
	struct err err = { 0 };

	jfr_made(&bytes);
	/* The type, two numbers, and then the delta of the checkpoint: a negative one of nine
	 * bytes.
	 */
	made_big(&bytes, 16, 68);
	assert_true(open_bytes(&bytes, 100, &err) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_checkpoints_of_the_chain_are_read),
		cmocka_unit_test(what_is_damaged_says_how),
		cmocka_unit_test(a_chain_that_goes_forward_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
