/* transfer: one answer of another server on its way into a buffer, with its bounds. */
#ifndef NET_TRANSFER_H
#define NET_TRANSFER_H

#include <curl/curl.h>
#include <stdbool.h>

#include "net/fetch.h"

struct transfer {
	CURL *curl;                 /* owned */
	struct curl_slist *headers; /* owned */
	struct buf *into;
	size_t from, max;
	bool too_large;
	char reason[CURL_ERROR_SIZE];
};

/* Ready to be performed; `transfer`, `into` and the request's body stay where they are until it is
 * finished, its texts are copied. After an error there is nothing to finish. */
int transfer_init(struct transfer *transfer, const struct fetch_request *request, struct buf *into,
	struct err *err);

/* What came of it, as fetch_send tells it; takes back what was added if it failed. */
int transfer_finish(struct transfer *transfer, CURLcode result, struct err *err);
unsigned transfer_status(const struct transfer *transfer); /* 0 = no answer */
void transfer_fini(struct transfer *transfer);

#endif
