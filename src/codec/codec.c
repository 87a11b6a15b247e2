/* codec: the table of all formats, and the guess which one some bytes are. */
#include "codec/codec.h"

#include "model/profile.h"
#include "wire/gzip.h"

#define TEXT_HEAD 1024

/* The order in which they are asked: the surest guess first. */
const struct codec *const codec_all[] = { &codec_jfr, &codec_speedscope, &codec_otlp_json,
	&codec_otlp, &codec_pprof, &codec_folded, NULL };

static const struct codec_limits local_limits = { .bytes_max = (size_t)1 << 30 };

const struct codec *codec_by_name(struct view name)
{
	for (size_t i = 0; codec_all[i]; i++)
		if (view_equal(name, view_of(codec_all[i]->name)))
			return codec_all[i];
	return NULL;
}

const struct codec *codec_by_path(struct view path)
{
	for (size_t i = 0; codec_all[i]; i++)
		for (const char *const *extension = codec_all[i]->extensions; *extension;
			extension++)
			if (view_ends(path, view_of(*extension)))
				return codec_all[i];
	return NULL;
}

bool codec_is_text(struct view head)
{
	for (size_t i = 0; i < head.len && i < TEXT_HEAD; i++) {
		uint8_t c = (uint8_t)head.at[i];

		if (c < ' ' && c != '\t' && c != '\n' && c != '\r')
			return false;
	}
	return true;
}

static int no_format(struct view bytes, struct err *err)
{
	BUF_AUTO names = { 0 };

	if (bytes.len == 0)
		return err_set(err, ERR_CORRUPT, "the input is empty");
	for (size_t i = 0; codec_all[i]; i++) {
		buf_add_text(&names, i ? ", " : "");
		buf_add_text(&names, codec_all[i]->name);
	}
	return err_set(err, ERR_CORRUPT, "not a profile in a format we read (%.*s)", (int)names.len,
		names.at);
}

static int decode_plain(struct view bytes, struct profile **ret, struct err *err)
{
	struct profile *profile;
	int rc;

	for (size_t i = 0; codec_all[i]; i++) {
		if (!bytes.len || !codec_all[i]->sniff(bytes))
			continue;
		profile = profile_new();
		if (!profile)
			return err_set(err, ERR_NOMEM, "out of memory");
		rc = codec_all[i]->decode(bytes, profile, err);
		if (rc < 0 && profile->failed) /* whatever the decoder made of it */
			rc = err_set(err, ERR_NOMEM, "out of memory");
		if (rc < 0) {
			profile_free(profile);
			err_where(err, "%s", codec_all[i]->name);
			return rc;
		}
		*ret = profile;
		return 0;
	}
	return no_format(bytes, err);
}

int codec_decode_within(
	struct view bytes, const struct codec_limits *limits, struct profile **ret, struct err *err)
{
	struct gzip_limits unzip = { limits->bytes_max, limits->ratio_max };
	BUF_AUTO plain = { 0 };
	int rc;

	*ret = NULL;
	if (gzip_is(bytes)) {
		rc = gzip_inflate(bytes, &unzip, &plain, err);
		if (rc < 0)
			return rc;
		bytes = buf_view(&plain);
	}
	if (bytes.len > limits->bytes_max)
		return err_set(err, ERR_LIMIT, "a profile of %zu bytes; the limit is %zu",
			bytes.len, limits->bytes_max);
	return decode_plain(bytes, ret, err);
}

int codec_decode(struct view bytes, struct profile **ret, struct err *err)
{
	return codec_decode_within(bytes, &local_limits, ret, err);
}
