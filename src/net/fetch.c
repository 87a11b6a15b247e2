/* fetch: one HTTP GET, with a bound on its size and time. */
#include "net/fetch.h"

#include "net/transfer.h"

int fetch_get(const char *url, const struct fetch_limits *limits, struct buf *ret, struct err *err)
{
	struct transfer transfer;
	int code = transfer_init(&transfer, url, limits, ret, err);

	if (code)
		return code;
	code = transfer_finish(&transfer, curl_easy_perform(transfer.curl), err);
	transfer_fini(&transfer);
	return code;
}
