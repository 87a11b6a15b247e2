/* fuzz_jfr: any bytes as a recording of Java's Flight Recorder, whole and in parts, with a piece of
 * them as its labels. */
#include "roundtrip.h"

#include "codec/jfr_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static int take(void *owner, const struct part *part, struct profile *profile, struct err *err)
{
	(void)owner;
	ROUNDTRIP_CHECK(profile->n_types && part->name.len);
	profile_free(profile);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct view all = { (const char *)bytes, len };
	struct jfr_terms terms = {
		.labels = view_between(all.at + len / 2, all.at + len),
		.entries_max = 10000,
		.events_max = 10000,
		.frames_max = 100000,
	};
	struct profile *profile = profile_new();

	jfr_decode_parts(all, &terms, &(struct parts_sink){ .take = take }, NULL);
	terms.labels = VIEW("");
	jfr_decode_parts(all, &terms, &(struct parts_sink){ .take = take }, NULL);
	jfr_decode(all, profile, NULL);
	profile_free(profile);
	return 0;
}
