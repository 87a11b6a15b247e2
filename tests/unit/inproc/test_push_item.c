/* test_push_item: names of profiles on their way, and their form on disk. */
#include "inproc/push_item.h"

#include <stdio.h>

#include "inproc/label_keys.h"
#include "testing.h"

static void labels_become_a_name_that_the_grammar_can_read(void **state)
{
	struct push_item *item = push_item_new();

	assert_int_equal(label_keys_set_process("service_name=x,region=eu,a-b=c{d}=e", NULL), 0);
	push_item_set_query(item, "shop/front", 1, 2);
	assert_string_equal(item->query,
		"name=shop%2Ffront%7Bregion%3Deu%2Ca_b%3Dc_d__e%7D&from=1&until=2&format=pprof&"
		"spyName=flyover");
	push_item_free(item);
	label_keys_set_process("", NULL);
}

static void labels_that_are_too_many_are_left_out_whole(void **state)
{
	static char list[32 * 400];
	struct push_item *item = push_item_new();
	size_t n = 0;

	for (int i = 0; i < 30; i++)
		n += (size_t)snprintf(
			list + n, sizeof(list) - n, "%skey%d=%0300d", i ? "," : "", i, 0);
	assert_int_equal(label_keys_set_process(list, NULL), 0);
	push_item_set_query(item, "shop", 1, 2);
	assert_non_null(strstr(item->query, "0%7D&from=1&until=2&"));
	push_item_free(item);
	label_keys_set_process("", NULL);
}

static void ids_are_uuids_and_differ(void **state)
{
	struct push_item *a = push_item_new(), *b = push_item_new();

	assert_int_equal(strlen(a->id), 36);
	assert_int_equal(a->id[14], '4');
	assert_string_not_equal(a->id, b->id);
	push_item_free(a);
	push_item_free(b);
}

static void what_is_written_is_read_again(void **state)
{
	struct push_item *item = push_item_new(), *again;
	BUF_AUTO bytes = { 0 };

	push_item_set_query(item, "shop", 1, 2);
	memcpy(item->type, "text/plain", 11);
	buf_add_text(&item->body, "\n\nbody");
	push_item_encode(item, &bytes);
	assert_int_equal(push_item_decode(buf_view(&bytes), &again, NULL), 0);
	assert_string_equal(again->id, item->id);
	assert_string_equal(again->query, item->query);
	assert_string_equal(again->type, item->type);
	assert_view_equal(buf_view(&again->body), "\n\nbody");
	push_item_free(again);
	for (size_t len = 0; len < bytes.len - strlen("\n\nbody"); len++)
		assert_int_equal(push_item_decode((struct view){ bytes.at, len }, &again, NULL),
			ERR_CORRUPT);
	push_item_free(item);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(labels_become_a_name_that_the_grammar_can_read),
		cmocka_unit_test(labels_that_are_too_many_are_left_out_whole),
		cmocka_unit_test(ids_are_uuids_and_differ),
		cmocka_unit_test(what_is_written_is_read_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
