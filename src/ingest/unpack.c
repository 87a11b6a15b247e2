/* unpack: bytes of a stranger's as a profile that keeps within a tenant's limits. */
#include "ingest/unpack.h"

#include <stdlib.h>

#include "codec/codec.h"
#include "codec/jfr_format.h"
#include "ingest/callnames.h"
#include "ingest/census.h"
#include "model/copy.h"
#include "wire/gzip.h"

#define NODE_BYTES_MIN 3 /* of a call tree: the length of its name, its value, its children */
#define CUT VIEW("[truncated]")

typedef int decoder(struct view bytes, struct profile *into, struct err *err);

static decoder *decoder_of(struct view format, struct view bytes)
{
	const struct codec *codec = codec_by_name(format);

	if (codec && codec != &codec_jfr) /* which is several profiles: see jfrmessage.h */
		return codec->decode;
	if (view_equal(format, VIEW("lines")))
		return callnames_lines;
	if (view_equal(format, VIEW("tree")))
		return callnames_tree;
	if (view_equal(format, VIEW("trie")))
		return callnames_trie;
	for (size_t i = 0; format.len == 0 && bytes.len && codec_all[i]; i++)
		if (codec_all[i] != &codec_jfr && codec_all[i]->sniff(bytes))
			return codec_all[i]->decode;
	return NULL;
}

/* Call trees count their nodes themselves, as they come. */
static int count(const struct unpack_packed *packed, struct view bytes, decoder *decode,
	const struct limits *limits, struct refusal *refusal)
{
	struct census census = { .frames = bytes.len / NODE_BYTES_MIN };
	int rc = 0;

	if (decode == codec_pprof.decode)
		rc = census_pprof(bytes, limits, &census, refusal);
	else if (decode != callnames_tree && decode != callnames_trie)
		rc = census_text(bytes, limits, &census, refusal);
	return rc == 0 && packed->seat ? readroom_take(packed->seat, bytes.len, &census, refusal)
				       : rc;
}

/* How deep each stack is, root frames 1; NULL without memory. A parent comes before its children.
 */
static uint32_t *depths_of(const struct profile *profile, uint32_t *ret_deepest)
{
	uint32_t *depths = calloc(profile->stacks.count + 1, sizeof(*depths));

	*ret_deepest = 0;
	for (size_t i = 1; depths && i < profile->stacks.count; i++) {
		depths[i] = depths[profile->stacks.nodes[i].parent] + 1;
		if (depths[i] > *ret_deepest)
			*ret_deepest = depths[i];
	}
	return depths;
}

static uint32_t cut_stack(struct copy *copy, uint32_t stack, const uint32_t *depths, uint32_t max)
{
	while (depths[stack] >= max)
		stack = copy->from->stacks.nodes[stack].parent;
	return profile_push(copy->into, copy_stack(copy, stack), profile_named(copy->into, CUT));
}

static void copy_cut(struct copy *copy, const uint32_t *depths, uint32_t max, struct unpacked *ret)
{
	const struct profile *from = copy->from;

	for (size_t i = 0; i < from->n_samples && !copy->into->failed; i++) {
		uint32_t stack = from->samples[i].stack;
		bool is_deep = depths[stack] > max;

		ret->n_cut += is_deep;
		stack = is_deep ? cut_stack(copy, stack, depths, max) : copy_stack(copy, stack);
		profile_add(copy->into, stack, copy_labels(copy, from->samples[i].labels),
			&from->values[i * from->n_types]);
	}
}

/* The root's side is kept: what recurses without end is seen to. */
static int cut_deep_stacks(struct unpacked *ret, uint32_t max, struct err *err)
{
	uint32_t deepest, *depths = depths_of(ret->profile, &deepest);
	struct profile *into;
	struct copy copy;
	int rc;

	if (depths && deepest <= max) {
		free(depths);
		return 0;
	}
	into = depths ? profile_new() : NULL;
	if (!into) {
		free(depths);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	rc = copy_init(&copy, ret->profile, into, err);
	if (rc == 0)
		rc = copy_header(&copy, err);
	if (rc == 0)
		copy_cut(&copy, depths, max, ret);
	copy_fini(&copy);
	free(depths);
	profile_free(ret->profile);
	ret->profile = into;
	return rc == 0 && into->failed ? err_set(err, ERR_NOMEM, "out of memory") : rc;
}

int unpack_within(struct unpacked *ret, const struct limits *limits, struct refusal *refusal)
{
	struct err err = { 0 };

	if (ret->profile->n_samples > limits->samples)
		return refusal_set(refusal, 422,
			"%zu samples in a profile; the limit is %llu (limits.samples)",
			ret->profile->n_samples, (unsigned long long)limits->samples);
	if (ret->profile->stacks.count > limits->depth &&
		cut_deep_stacks(ret, (uint32_t)limits->depth, &err) < 0)
		return refusal_of(refusal, &err, NULL);
	return 0;
}

static int decode_plain(struct view bytes, decoder *decode, const struct limits *limits,
	struct unpacked *ret, struct refusal *refusal)
{
	struct err err = { 0 };
	int rc;

	ret->profile = profile_new();
	if (!ret->profile)
		return refusal_set(refusal, 503, "out of memory");
	rc = decode(bytes, ret->profile, &err);
	if (ret->profile->failed)
		rc = err_set(&err, ERR_NOMEM, "out of memory");
	return rc < 0 ? refusal_of(refusal, &err, NULL) : unpack_within(ret, limits, refusal);
}

static int unknown_format(struct view format, struct view bytes, struct refusal *refusal)
{
	if (format.len)
		return refusal_set(refusal, 400, "the format '%.*s' is not one that is read here",
			format.len < 40 ? (int)format.len : 40, format.at);
	if (!bytes.len)
		return refusal_set(refusal, 400, "the profile is empty");
	return refusal_set(refusal, 400, "not a profile in a format that is read here");
}

int unpack_profile(const struct unpack_packed *packed, const struct limits *limits,
	struct unpacked *ret, struct refusal *refusal)
{
	struct view bytes = packed->bytes, format = packed->format;
	struct gzip_limits unzip = { limits->unpacked_bytes, limits->unpack_ratio };
	BUF_AUTO plain = { 0 };
	struct err err = { 0 };
	decoder *decode;
	int rc;

	*ret = (struct unpacked){ 0 };
	if (gzip_is(bytes)) {
		if (gzip_inflate(bytes, &unzip, &plain, &err) < 0)
			return refusal_of(refusal, &err, "limits.unpacked_bytes or .unpack_ratio");
		bytes = buf_view(&plain);
	}
	if (bytes.len > limits->unpacked_bytes)
		return refusal_set(refusal, 413,
			"a profile of %zu bytes; the limit is %llu (limits.unpacked_bytes)",
			bytes.len, (unsigned long long)limits->unpacked_bytes);
	ret->bytes = bytes.len;
	decode = decoder_of(format, bytes);
	ret->is_recording = !decode && !format.len && jfr_chunk_is(bytes);
	if (ret->is_recording)
		return ERR_UNSUPPORTED;
	if (!decode)
		return unknown_format(format, bytes, refusal);
	rc = count(packed, bytes, decode, limits, refusal);
	if (rc == 0)
		rc = decode_plain(bytes, decode, limits, ret, refusal);
	if (rc < 0) {
		profile_free(ret->profile);
		ret->profile = NULL;
	}
	return rc;
}
