/* fetch: one HTTP request, with a bound on its size and time. */
#include "net/fetch.h"

#include "net/transfer.h"

int fetch_send(const struct fetch_request *request, struct buf *ret_body, unsigned *ret_status,
	struct err *err)
{
	struct transfer transfer;
	int code = transfer_init(&transfer, request, ret_body, err);

	if (ret_status)
		*ret_status = 0;
	if (code)
		return code;
	code = transfer_finish(&transfer, curl_easy_perform(transfer.curl), err);
	if (ret_status)
		*ret_status = transfer_status(&transfer);
	transfer_fini(&transfer);
	return code;
}
