/* transfer: one answer of another server on its way into a buffer. */
#include "net/transfer.h"

#include <ctype.h>
#include <string.h>

#define CONNECT_MAX_S 10L
#define REDIRECTS_MAX 3L
#define SENTENCE_MAX 200

static size_t on_bytes(char *bytes, size_t size, size_t count, void *owner)
{
	struct transfer *transfer = owner;
	size_t len = size * count;

	if (len > transfer->max - (transfer->into->len - transfer->from)) {
		transfer->too_large = true;
		return 0;
	}
	buf_add(transfer->into, bytes, len);
	return transfer->into->failed ? 0 : len;
}

/* Where the sentence of a JSON problem begins: {"code":…,"message":"…"}. */
static size_t message_in(const char *at, size_t len)
{
	static const char key[] = "\"message\":\"";
	const char *found = memmem(at, len, key, sizeof(key) - 1);

	return found ? (size_t)(found - at) + sizeof(key) - 1 : len;
}

/* The first line of an error's body, if it is meant for people, or the message of a JSON problem.
 */
static void sentence_of(const struct transfer *transfer, const char *mime, char *into)
{
	size_t len = transfer->into->len - transfer->from, n = 0, i = 0;
	const char *at = transfer->into->at + transfer->from;
	bool json = mime && strncmp(mime, "application/json", 16) == 0;

	if (json)
		i = message_in(at, len);
	else if (!mime || strncmp(mime, "text/plain", 10) != 0)
		i = len;
	for (; i < len && n < SENTENCE_MAX && isprint((unsigned char)at[i]); i++) {
		if (json && at[i] == '"')
			break;
		if (json && at[i] == '\\' && ++i == len)
			break;
		into[n++] = at[i];
	}
	into[n] = '\0';
}

static int check_status(const struct transfer *transfer, const char *url, struct err *err)
{
	char sentence[SENTENCE_MAX + 1];
	const char *mime = NULL;
	long status = 0;
	CURL *curl = transfer->curl;
	int code;

	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	if (status >= 200 && status < 300)
		return 0;
	curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &mime);
	sentence_of(transfer, mime, sentence);
	code = status == 404 ? ERR_NOT_FOUND : status == 401 || status == 403 ? ERR_DENIED : ERR_IO;
	return err_set(
		err, code, "%s answered %ld%s%s", url, status, sentence[0] ? ": " : "", sentence);
}

static void set_options(CURL *curl, const struct fetch_request *request)
{
	curl_easy_setopt(curl, CURLOPT_URL, request->url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(curl, CURLOPT_MAXREDIRS, REDIRECTS_MAX);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_MAX_S);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)request->limits.time_s);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "flyover");
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
}

static void set_text(CURL *curl, CURLoption option, const char *text)
{
	if (text)
		curl_easy_setopt(curl, option, text);
}

static bool add_header(struct transfer *transfer, const char *name, const char *value)
{
	struct curl_slist *longer;
	BUF_AUTO line = { 0 };

	buf_add_format(&line, "%s: %s", name, value);
	buf_add_char(&line, '\0');
	longer = line.failed ? NULL : curl_slist_append(transfer->headers, line.at);
	if (longer)
		transfer->headers = longer;
	return longer;
}

/* "Expect:" without a value keeps curl from asking whether it may send. */
static bool set_body(struct transfer *transfer, const struct fetch_request *request)
{
	CURL *curl = transfer->curl;
	struct view body = request->body;

	set_text(curl, CURLOPT_CUSTOMREQUEST, request->method);
	if (!request->mime)
		return true;
	curl_easy_setopt(curl, CURLOPT_POST, 1L);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.at ? body.at : "");
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.len);
	return add_header(transfer, "Content-Type", request->mime) &&
	       add_header(transfer, "Expect", "") &&
	       (!request->coding || add_header(transfer, "Content-Encoding", request->coding));
}

static bool set_trust(struct transfer *transfer, const struct fetch_trust *trust)
{
	CURL *curl = transfer->curl;

	set_text(curl, CURLOPT_CAINFO, trust->ca_file);
	set_text(curl, CURLOPT_SSLCERT, trust->cert_file);
	set_text(curl, CURLOPT_SSLKEY, trust->key_file);
	set_text(curl, CURLOPT_USERNAME, trust->user);
	set_text(curl, CURLOPT_PASSWORD, trust->password);
	if (trust->insecure_skip_verify) {
		curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
		curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
	}
	return (!trust->authorization ||
		       add_header(transfer, "Authorization", trust->authorization)) &&
	       (!trust->tenant || add_header(transfer, "X-Scope-OrgID", trust->tenant));
}

int transfer_init(struct transfer *transfer, const struct fetch_request *request, struct buf *into,
	struct err *err)
{
	*transfer = (struct transfer){
		.into = into, .from = into->len, .max = request->limits.bytes_max
	};
	transfer->curl = curl_easy_init();
	if (!transfer->curl)
		return err_set(err, ERR_NOMEM, "out of memory");
	set_options(transfer->curl, request);
	if (!set_trust(transfer, &request->trust) || !set_body(transfer, request)) {
		transfer_fini(transfer);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	curl_easy_setopt(transfer->curl, CURLOPT_HTTPHEADER, transfer->headers);
	curl_easy_setopt(transfer->curl, CURLOPT_WRITEDATA, transfer);
	curl_easy_setopt(transfer->curl, CURLOPT_ERRORBUFFER, transfer->reason);
	return 0;
}

static int verdict(const struct transfer *transfer, CURLcode result, struct err *err)
{
	const char *url = "the server";

	curl_easy_getinfo(transfer->curl, CURLINFO_EFFECTIVE_URL, &url);
	if (result == CURLE_OK)
		return check_status(transfer, url, err);
	if (transfer->too_large)
		return err_set(
			err, ERR_LIMIT, "%s sends more than %zu MiB", url, transfer->max >> 20);
	if (transfer->into->failed)
		return err_set(err, ERR_NOMEM, "out of memory for the answer of %s", url);
	return err_set(err, result == CURLE_OPERATION_TIMEDOUT ? ERR_LIMIT : ERR_IO,
		"cannot fetch %s: %s", url,
		transfer->reason[0] ? transfer->reason : curl_easy_strerror(result));
}

int transfer_finish(struct transfer *transfer, CURLcode result, struct err *err)
{
	int code = verdict(transfer, result, err);

	if (code < 0)
		transfer->into->len = transfer->from;
	return code;
}

unsigned transfer_status(const struct transfer *transfer)
{
	long status = 0;

	curl_easy_getinfo(transfer->curl, CURLINFO_RESPONSE_CODE, &status);
	return (unsigned)status;
}

void transfer_fini(struct transfer *transfer)
{
	curl_slist_free_all(transfer->headers);
	curl_easy_cleanup(transfer->curl);
}
