/* payload: a request's body as it was meant, whatever it was packed in for the way. */
#include "server/payload.h"

#include <stdio.h>
#include <strings.h>

#include "server/problem.h"
#include "wire/gzip.h"

bool payload_read(const struct httpd_request *request, const struct payload_limits *limits,
	struct buf *room, struct view *ret, struct httpd_reply *refusal)
{
	const char *coding = httpd_header(request, "Content-Encoding");
	struct gzip_limits unpack = { limits->bytes_max, limits->ratio_max };
	char sentence[ERR_TEXT_MAX + 64];
	struct err err = { 0 };
	int rc;

	*ret = request->body;
	if (!coding || !coding[0] || strcasecmp(coding, "identity") == 0)
		return true;
	if (strcasecmp(coding, "gzip") != 0) {
		problem_reply(refusal, 415, "Content-Encoding is gzip or identity here");
		httpd_reply_header(refusal, "Accept-Encoding", "gzip");
		return false;
	}
	rc = gzip_inflate(request->body, &unpack, room, &err);
	*ret = buf_view(room);
	if (rc == 0)
		return true;
	snprintf(sentence, sizeof(sentence), rc == ERR_LIMIT ? "%s; %s sets that" : "%s", err.text,
		limits->setting);
	problem_reply(refusal, problem_status(rc), sentence);
	return false;
}
