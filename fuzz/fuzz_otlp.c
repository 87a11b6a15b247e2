/* fuzz_otlp: any bytes, through the OTLP reader, whole and in parts, and back out of every writer.
 */
#include "roundtrip.h"

#include "codec/otlp_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static int take(void *owner, const struct part *part, struct profile *profile, struct err *err)
{
	(void)owner;
	ROUNDTRIP_CHECK(profile->n_types == 1 && profile->n_samples);
	for (size_t i = 0; i < part->n_labels; i++)
		ROUNDTRIP_CHECK(part->labels[i].name.len && part->labels[i].value.len);
	profile_free(profile);
	return 0;
}

/* Once understood, what is written is understood too, with the same totals. */
static void again(const uint8_t *bytes, size_t len)
{
	struct profile *one = profile_new(), *two = profile_new();
	struct buf message = { 0 }, json = { 0 };
	struct err err;

	if (otlp_decode((struct view){ (const char *)bytes, len }, one, &err) == 0 &&
		otlp_encode(one, &message, &err) == 0) {
		ROUNDTRIP_CHECK(otlp_json_write(buf_view(&message), &json, &err) == 0);
		ROUNDTRIP_CHECK(otlp_decode(buf_view(&json), two, &err) == 0);
		for (size_t i = 0; i < one->n_types; i++)
			ROUNDTRIP_CHECK(profile_total(one, i) == profile_total(two, i));
	}
	buf_fini(&message);
	buf_fini(&json);
	profile_free(one);
	profile_free(two);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	otlp_decode_parts((struct view){ (const char *)bytes, len },
		&(struct parts_sink){ .take = take }, NULL);
	again(bytes, len);
	return roundtrip(&codec_otlp, bytes, len);
}
