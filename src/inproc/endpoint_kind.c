/* endpoint_kind: the part of the endpoint that serves the kinds of profile. */
#include "inproc/endpoint_kind.h"

#include <stdio.h>

#include "inproc/endpoint_pages.h"
#include "inproc/kind_text.h"
#include "model/delta.h"

#define NAME_MAX_BYTES 64
#define TOO_LONG "a profile lasts 300 seconds at most"

_Static_assert(ENDPOINT_KIND_SECONDS_MAX == 300, "as the sentence says");

/* As Go reads them: what is no number, or not positive, is the default. */
static uint64_t number_of(const struct http_request *request, const char *name, uint64_t otherwise)
{
	uint64_t number;

	if (!view_to_u64(http_request_argument(request, name), &number) || number == 0)
		return otherwise;
	return number;
}

static void refuse_busy(const struct kind *kind, struct buf *out)
{
	char sentence[256];

	if (kind->busy)
		snprintf(sentence, sizeof(sentence), "%s", kind->busy);
	else
		snprintf(sentence, sizeof(sentence),
			"Could not take a %s-delta: one is being taken already", kind->name);
	endpoint_pages_error(out, 429, "Retry-After: 10\r\n", sentence);
}

static void refuse(const struct err *err, struct buf *out)
{
	int status = err->code == ERR_USAGE ? 400 : err->code == ERR_LIMIT ? 429 : 500;

	endpoint_pages_error(out, status, status == 429 ? "Retry-After: 10\r\n" : "", err->text);
}

static uint64_t begin_capture(
	const struct kind *kind, const struct http_request *request, struct buf *out)
{
	uint64_t seconds = number_of(request, "seconds", ENDPOINT_KIND_SECONDS);
	uint64_t hz = number_of(request, "hz", 0);
	struct kind_options options = { .hz = hz > UINT32_MAX ? UINT32_MAX : (unsigned)hz,
		.kernel = number_of(request, "kernel", 0) != 0 };
	struct err err;

	if (seconds > ENDPOINT_KIND_SECONDS_MAX)
		endpoint_pages_error(out, 400, "", TOO_LONG);
	else if (kind->running())
		refuse_busy(kind, out);
	else if (kind->start(&options, &err) < 0)
		refuse(&err, out);
	else
		return seconds;
	return 0;
}

/* What is no positive number is an error here, and the default of a capture: as Go has it. */
static uint64_t begin_delta(struct endpoint_kind_visit *visit, const struct kind *kind,
	const struct http_request *request, bool is_taken, struct buf *out)
{
	uint64_t seconds = number_of(request, "seconds", 0);
	struct err err;

	if (seconds == 0)
		endpoint_pages_error(
			out, 400, "", "invalid value for \"seconds\" - must be a positive integer");
	else if (seconds > ENDPOINT_KIND_SECONDS_MAX)
		endpoint_pages_error(out, 400, "", TOO_LONG);
	else if (number_of(request, "debug", 0))
		endpoint_pages_error(out, 400, "", "seconds and debug params are incompatible");
	else if (is_taken)
		refuse_busy(kind, out);
	else if (kind->snapshot(&visit->first, &err) < 0)
		refuse(&err, out);
	else
		return seconds;
	return 0;
}

static void put_profile(const char *name, const struct profile *profile, struct buf *out)
{
	BUF_AUTO bytes = { 0 };
	struct err err;

	if (kind_zip(profile, &bytes, &err) < 0)
		refuse(&err, out);
	else
		endpoint_pages_profile(out, name, buf_view(&bytes));
}

static void put_snapshot(
	const struct kind *kind, const struct http_request *request, struct buf *out)
{
	PROFILE_AUTO profile = NULL;
	BUF_AUTO text = { 0 };
	struct err err;

	if (kind->snapshot(&profile, &err) < 0) {
		refuse(&err, out);
	} else if (number_of(request, "debug", 0)) {
		kind_text_write(kind, profile, &text);
		endpoint_pages_text(out, buf_view(&text));
	} else {
		put_profile(kind->name, profile, out);
	}
}

uint64_t endpoint_kind_begin(struct endpoint_kind_visit *visit, const struct kind *kind,
	const struct http_request *request, bool is_taken, struct buf *out)
{
	uint64_t seconds = 0;

	if (kind->start)
		seconds = begin_capture(kind, request, out);
	else if (http_request_argument(request, "seconds").len)
		seconds = begin_delta(visit, kind, request, is_taken, out);
	else
		put_snapshot(kind, request, out);
	visit->kind = seconds ? kind : NULL;
	return seconds;
}

static void finish_delta(struct endpoint_kind_visit *visit, struct buf *out)
{
	PROFILE_AUTO second = NULL;
	PROFILE_AUTO delta = NULL;
	char name[NAME_MAX_BYTES];
	struct err err;

	snprintf(name, sizeof(name), "%s-delta", visit->kind->name);
	if (visit->kind->snapshot(&second, &err) < 0 ||
		delta_of(visit->first, second, &delta, &err) < 0)
		refuse(&err, out);
	else
		put_profile(name, delta, out);
	profile_free(visit->first);
}

void endpoint_kind_finish(struct endpoint_kind_visit *visit, struct buf *out)
{
	BUF_AUTO profile = { 0 };
	struct err err;

	if (visit->first)
		finish_delta(visit, out);
	else if (visit->kind->stop(&profile, &err) < 0)
		endpoint_pages_error(out, 500, "", err.text);
	else
		endpoint_pages_profile(out, visit->kind->name, buf_view(&profile));
	*visit = (struct endpoint_kind_visit){ 0 };
}

void endpoint_kind_cancel(struct endpoint_kind_visit *visit)
{
	if (visit->kind && visit->kind->cancel)
		visit->kind->cancel();
	profile_free(visit->first);
	*visit = (struct endpoint_kind_visit){ 0 };
}
