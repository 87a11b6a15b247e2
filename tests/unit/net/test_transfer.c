/* test_transfer: what failed leaves the buffer as it was. */
#include "testing.h"

#include "net/transfer.h"

static void a_failure_takes_back_what_it_added(void **state)
{
	struct fetch_request request = { .url = "http://127.0.0.1:1/", .limits = { 1 << 20, 5 } };
	struct transfer transfer;
	BUF_AUTO into = { 0 };
	struct err err = { 0 };

	buf_add_text(&into, "before");
	assert_int_equal(transfer_init(&transfer, &request, &into, &err), 0);
	buf_add_text(&into, " half of it");
	assert_int_equal(transfer_finish(&transfer, CURLE_PARTIAL_FILE, &err), ERR_IO);
	assert_view_equal(buf_view(&into), "before");
	transfer.too_large = true;
	assert_int_equal(transfer_finish(&transfer, CURLE_WRITE_ERROR, &err), ERR_LIMIT);
	assert_non_null(strstr(err.text, "sends more than 1 MiB"));
	transfer.too_large = false;
	assert_int_equal(transfer_finish(&transfer, CURLE_OPERATION_TIMEDOUT, &err), ERR_LIMIT);
	transfer_fini(&transfer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_failure_takes_back_what_it_added),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
