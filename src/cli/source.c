/* source: a profile from wherever the user says. */
#include "cli/source.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/disk.h"
#include "cli/api_url.h"
#include "cli/credentials.h"
#include "codec/codec.h"
#include "model/merge.h"
#include "model/profile.h"
#include "net/address.h"

#define URL_MAX 4096
#define PROFILE_PATH "/debug/pprof/profile"
#define TIME_DEFAULT_S 60u
#define SECONDS_MAX 86400u
#define GRACE_S 5u

static bool is_url(const char *source)
{
	return strncmp(source, "http://", 7) == 0 || strncmp(source, "https://", 8) == 0;
}

/* HOST:PORT, unless a file has that name. */
static bool is_address(const char *source)
{
	struct address address;

	return source[0] != ':' && !strchr(source, '/') && access(source, F_OK) != 0 &&
	       address_parse(source, &address, NULL) == 0;
}

/* An endpoint that was asked for N seconds may take half as long again. */
static unsigned time_for(const char *url)
{
	const char *query = strchr(url, '?');
	const char *found = query ? strstr(query, "seconds=") : NULL;
	uint64_t seconds;
	size_t digits;

	if (!found || (found[-1] != '?' && found[-1] != '&'))
		return TIME_DEFAULT_S + GRACE_S;
	found += strlen("seconds=");
	digits = strspn(found, "0123456789");
	if (!view_to_u64((struct view){ found, digits }, &seconds) || seconds > SECONDS_MAX)
		seconds = SECONDS_MAX;
	return (unsigned)(seconds + seconds / 2) + GRACE_S;
}

/* http://HOST:PORT alone is as good as HOST:PORT. */
static bool is_bare(const char *url)
{
	const char *host = strstr(url, "://") + 3;
	const char *slash = strchr(host, '/');

	return !strpbrk(host, "?#") && (!slash || slash[1] == '\0');
}

static void add_address(struct buf *url, const char *source)
{
	size_t len = strlen(source);

	if (!is_url(source))
		buf_add_text(url, "http://");
	buf_add_text(url, source);
	if (is_url(source) && !is_bare(source))
		return;
	buf_add_text(url, source[len - 1] == '/' ? PROFILE_PATH + 1 : PROFILE_PATH);
}

/* The address of a server's selection, or of a profile. */
static int make_url(
	const char *source, struct fetch_request *request, struct buf *url, struct err *err)
{
	int rc = 0;

	request->limits = (struct fetch_limits)API_URL_LIMITS;
	if (api_url_is_selection(source)) {
		rc = api_url_of_selection(source, url, err);
	} else {
		add_address(url, source);
		request->limits.time_s = time_for(source);
	}
	buf_add_char(url, '\0');
	request->url = url->at;
	if (rc == 0 && url->failed)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (rc == 0 && url->len > URL_MAX)
		return err_set(err, ERR_USAGE, "the address is longer than %d bytes", URL_MAX);
	return rc;
}

static int fetch(
	const char *source, const struct credentials_wish *wish, struct buf *ret, struct err *err)
{
	struct fetch_request request = { 0 };
	struct credentials credentials;
	BUF_AUTO url = { 0 };
	int rc = credentials_read(wish, &credentials, err);

	if (rc == 0)
		rc = make_url(source, &request, &url, err);
	request.trust = credentials.trust;
	if (rc == 0)
		rc = fetch_send(&request, ret, NULL, err);
	if (rc == ERR_NOT_FOUND && is_url(source) && is_bare(source))
		err_where(err, "a server wants a selector, such as "
			       "http://HOST:PORT/cpu{service_name=\"NAME\"}");
	credentials_fini(&credentials);
	return rc;
}

int source_load(const char *source, const struct credentials_wish *wish, struct profile **ret,
	struct err *err)
{
	BUF_AUTO bytes = { 0 };
	int rc;

	*ret = NULL;
	if (is_url(source) || is_address(source))
		rc = fetch(source, wish, &bytes, err);
	else
		rc = disk_read(source, SOURCE_BYTES_MAX, &bytes, err);
	if (rc < 0)
		return rc;
	rc = codec_decode(buf_view(&bytes), ret, err);
	if (rc < 0)
		err_where(err, "%s", strcmp(source, "-") == 0 ? "standard input" : source);
	return rc;
}

/* Adds `next` to *sum, both cut to the sample types they share. */
static int add(struct profile **sum, const struct profile *next, struct err *err)
{
	PROFILE_AUTO of_sum = NULL;
	PROFILE_AUTO of_next = NULL;
	struct profile *before = *sum;
	int rc = merge_common_types(before, next, &of_sum, err);

	if (rc == 0)
		rc = merge_common_types(next, before, &of_next, err);
	if (rc == 0)
		rc = merge_into(of_sum, of_next, err);
	if (rc < 0)
		return rc;
	*sum = of_sum;
	of_sum = before;
	return 0;
}

int source_load_all(char *const *sources, size_t n, const struct credentials_wish *wish,
	struct profile **ret, struct err *err)
{
	PROFILE_AUTO sum = NULL;
	int rc = source_load(sources[0], wish, &sum, err);

	*ret = NULL;
	for (size_t i = 1; rc == 0 && i < n; i++) {
		PROFILE_AUTO next = NULL;

		rc = source_load(sources[i], wish, &next, err);
		if (rc == 0) {
			rc = add(&sum, next, err);
			if (rc < 0)
				err_where(err, "%s", sources[i]);
		}
	}
	if (rc < 0)
		return rc;
	*ret = sum;
	sum = NULL;
	return 0;
}
