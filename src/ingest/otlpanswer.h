/*
 * otlpanswer: what OTLP's senders hear: ExportProfilesServiceResponse, or google.rpc.Status.
 *
 *     response: partial_success = 1 (rejected_profiles = 1, error_message = 2)
 *     status:   code = 1, message = 2, details = 3 (Any: a RetryInfo when to come again)
 */
#ifndef INGEST_OTLPANSWER_H
#define INGEST_OTLPANSWER_H

#include "base/buf.h"
#include "ingest/otlpmessage.h"

enum otlpanswer_code { /* google.rpc.Code, as gRPC has them */
	OTLPANSWER_OK = 0,
	OTLPANSWER_INVALID_ARGUMENT = 3,
	OTLPANSWER_NOT_FOUND = 5,
	OTLPANSWER_PERMISSION_DENIED = 7,
	OTLPANSWER_RESOURCE_EXHAUSTED = 8,
	OTLPANSWER_UNIMPLEMENTED = 12,
	OTLPANSWER_INTERNAL = 13,
	OTLPANSWER_UNAVAILABLE = 14,
	OTLPANSWER_UNAUTHENTICATED = 16,
};

/* Of an HTTP status that is none of success. Only RESOURCE_EXHAUSTED that says when and UNAVAILABLE
 * are worth another try, by OTLP's rules. */
enum otlpanswer_code otlpanswer_code(unsigned http_status);

/* Nothing at all (in protobuf) or {} says that everything was taken. */
void otlpanswer_response(const struct otlpmessage_rejected *rejected, bool json, struct buf *out);

void otlpanswer_status(const struct refusal *refusal, bool json, struct buf *out);

#endif
