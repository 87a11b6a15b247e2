/* payload: bodies as they are meant, whatever they are packed in for the way. */
#include "server/payload.h"

#include <strings.h>

#include "server/problem.h"
#include "wire/gzip.h"

#define PACK_FROM 1024

int payload_unpack(const struct payload *payload, const struct payload_limits *limits,
	struct buf *room, struct view *ret, struct refusal *refusal)
{
	const char *coding = payload->coding;
	struct gzip_limits unpack = { limits->bytes_max, limits->ratio_max };
	struct err err = { 0 };
	int rc;

	*ret = payload->bytes;
	if (!coding || !coding[0] || strcasecmp(coding, "identity") == 0)
		return 0;
	if (strcasecmp(coding, "gzip") != 0)
		return refusal_set(refusal, 415, "Content-Encoding is gzip or identity here");
	rc = gzip_inflate(payload->bytes, &unpack, room, &err);
	*ret = buf_view(room);
	if (rc < 0)
		return refusal_set(refusal, problem_status(rc),
			rc == ERR_LIMIT ? "%s; %s sets that" : "%s", err.text, limits->setting);
	return 0;
}

bool payload_read(const struct httpd_request *request, const struct payload_limits *limits,
	struct buf *room, struct view *ret, struct httpd_reply *reply)
{
	struct payload payload = { request->body, httpd_header(request, "Content-Encoding") };
	struct refusal refusal = { 0 };

	if (payload_unpack(&payload, limits, room, ret, &refusal) == 0)
		return true;
	problem_reply(reply, refusal.status, refusal.text);
	if (refusal.status == 415)
		httpd_reply_header(reply, "Accept-Encoding", "gzip");
	return false;
}

void payload_pack(const struct httpd_request *request, struct httpd_reply *reply)
{
	struct buf zipped = { 0 };

	if (!request->takes_gzip || reply->made.len < PACK_FROM || gzip_is(buf_view(&reply->made)))
		return;
	if (gzip_deflate(buf_view(&reply->made), GZIP_FAST, &zipped, NULL) < 0) {
		buf_fini(&zipped);
		return;
	}
	buf_fini(&reply->made);
	reply->made = zipped;
	reply->gzipped = true;
}
