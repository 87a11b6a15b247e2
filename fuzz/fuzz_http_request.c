/* fuzz_http_request: any bytes as a request to the endpoint inside a program. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "inproc/http_request.h"
#include "inproc/traceparent.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_inside(struct view v, struct view bytes)
{
	if (v.len && (v.at < bytes.at || v.at + v.len > bytes.at + bytes.len))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view bytes = { (const char *)data, size };
	struct http_request request;
	struct traceparent trace;

	if (size > HTTP_REQUEST_MAX)
		return 0;
	traceparent_parse(bytes, &trace, NULL);
	if (http_request_parse(bytes, &request) != 200)
		return 0;
	check_inside(request.path, bytes);
	check_inside(request.query, bytes);
	check_inside(request.host, bytes);
	check_inside(request.authorization, bytes);
	check_inside(request.body, bytes);
	check_inside(http_request_argument(&request, "seconds"), bytes);
	http_request_has_token(&request, "token");
	http_request_is_local(&request);
	return 0;
}
