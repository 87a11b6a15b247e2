/* fetch: one HTTP GET, with a bound on its size and time. */
#include "net/fetch.h"

#include <ctype.h>
#include <curl/curl.h>
#include <string.h>

#define CONNECT_MAX_S 10L
#define REDIRECTS_MAX 3L
#define SENTENCE_MAX 200

struct sink {
	struct buf *into;
	size_t from, max;
	bool too_large;
};

static size_t on_bytes(char *bytes, size_t size, size_t count, void *owner)
{
	struct sink *sink = owner;
	size_t len = size * count;

	if (len > sink->max - (sink->into->len - sink->from)) {
		sink->too_large = true;
		return 0;
	}
	buf_add(sink->into, bytes, len);
	return sink->into->failed ? 0 : len;
}

/* The first line of an error's body, if it is meant for people. */
static void sentence_of(const struct sink *sink, const char *mime, char *into)
{
	size_t len = sink->into->len - sink->from, n = 0;
	const char *at = sink->into->at + sink->from;

	if (mime && strncmp(mime, "text/plain", 10) == 0)
		while (n < len && n < SENTENCE_MAX && isprint((unsigned char)at[n])) {
			into[n] = at[n];
			n++;
		}
	into[n] = '\0';
}

static int check_status(CURL *curl, const struct sink *sink, const char *url, struct err *err)
{
	char sentence[SENTENCE_MAX + 1];
	const char *mime = NULL;
	long status = 0;
	int code;

	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	if (status >= 200 && status < 300)
		return 0;
	curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &mime);
	sentence_of(sink, mime, sentence);
	code = status == 404 ? ERR_NOT_FOUND : status == 401 || status == 403 ? ERR_DENIED : ERR_IO;
	return err_set(
		err, code, "%s answered %ld%s%s", url, status, sentence[0] ? ": " : "", sentence);
}

static void set_options(CURL *curl, const char *url, const struct fetch_limits *limits)
{
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(curl, CURLOPT_MAXREDIRS, REDIRECTS_MAX);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_MAX_S);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)limits->time_s);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "flyover");
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
}

int fetch_get(const char *url, const struct fetch_limits *limits, struct buf *ret, struct err *err)
{
	struct sink sink = { .into = ret, .from = ret->len, .max = limits->bytes_max };
	char reason[CURL_ERROR_SIZE] = "";
	CURL *curl = curl_easy_init();
	CURLcode code;
	int rc;

	if (!curl)
		return err_set(err, ERR_NOMEM, "out of memory");
	set_options(curl, url, limits);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &sink);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, reason);
	code = curl_easy_perform(curl);
	if (code == CURLE_OK)
		rc = check_status(curl, &sink, url, err);
	else if (sink.too_large)
		rc = err_set(
			err, ERR_LIMIT, "%s sends more than %zu MiB", url, limits->bytes_max >> 20);
	else if (ret->failed)
		rc = err_set(err, ERR_NOMEM, "out of memory for the answer of %s", url);
	else
		rc = err_set(err, code == CURLE_OPERATION_TIMEDOUT ? ERR_LIMIT : ERR_IO,
			"cannot fetch %s: %s", url, reason[0] ? reason : curl_easy_strerror(code));
	curl_easy_cleanup(curl);
	if (rc < 0)
		ret->len = sink.from;
	return rc;
}
