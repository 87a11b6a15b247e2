/*
 * roundtrip: what was understood once must survive every format that can hold it.
 */
#ifndef FUZZ_ROUNDTRIP_H
#define FUZZ_ROUNDTRIP_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "codec/codec.h"
#include "codec/folded_format.h"
#include "codec/pprof_format.h"
#include "model/profile.h"

#define ROUNDTRIP_CHECK(what)                                          \
	do {                                                           \
		if (!(what)) {                                         \
			fprintf(stderr, "does not hold: %s\n", #what); \
			abort();                                       \
		}                                                      \
	} while (0)

/* Once through our own writer, the bytes are the same ever after. */
static inline void roundtrip_pprof(const struct profile *profile)
{
	struct profile *again = profile_new(), *thrice = profile_new();
	struct buf one = { 0 }, two = { 0 }, three = { 0 };

	ROUNDTRIP_CHECK(pprof_encode(profile, &one, NULL) == 0);
	ROUNDTRIP_CHECK(pprof_decode(buf_view(&one), again, NULL) == 0);
	ROUNDTRIP_CHECK(again->n_samples == profile->n_samples);
	ROUNDTRIP_CHECK(again->n_label_sets <= profile->n_label_sets);
	for (size_t i = 0; i < profile->n_types; i++)
		ROUNDTRIP_CHECK(profile_total(again, i) == profile_total(profile, i));
	ROUNDTRIP_CHECK(pprof_encode(again, &two, NULL) == 0);
	ROUNDTRIP_CHECK(pprof_decode(buf_view(&two), thrice, NULL) == 0);
	ROUNDTRIP_CHECK(pprof_encode(thrice, &three, NULL) == 0);
	ROUNDTRIP_CHECK(view_equal(buf_view(&two), buf_view(&three)));
	buf_fini(&one);
	buf_fini(&two);
	buf_fini(&three);
	profile_free(again);
	profile_free(thrice);
}

/* In whole units: 1500 thousandths and 1.5 are the same. */
static inline double roundtrip_total(const struct profile *profile, size_t type)
{
	struct view unit = profile_text(profile, profile->types[type].unit);

	return (double)profile_total(profile, type) / pow(10, folded_format_decimals(unit));
}

static inline bool roundtrip_has_total(const struct profile *profile, double total)
{
	/* Beyond 2^53 a JSON number is only about right. */
	for (size_t i = 0; i < profile->n_types; i++)
		if (fabs(roundtrip_total(profile, i) - total) <= fabs(total) * 1e-15)
			return true;
	return profile->n_types == 0 && total == 0;
}

/* Formats that have only names keep the totals of what they hold, or refuse. */
static inline void roundtrip_names(const struct profile *profile, const struct codec *codec)
{
	struct profile *again = profile_new();
	struct err err = { 0 };
	struct buf text = { 0 };
	int rc = codec->encode(profile, &text, &err);

	if (rc == 0) {
		rc = codec->decode(buf_view(&text), again, &err);
		if (rc < 0 && rc != ERR_LIMIT) {
			fprintf(stderr, "%s: %s\n", codec->name, err.text);
			abort();
		}
		for (size_t i = 0; rc == 0 && i < again->n_types; i++)
			ROUNDTRIP_CHECK(roundtrip_has_total(profile, roundtrip_total(again, i)));
	}
	buf_fini(&text);
	profile_free(again);
}

static inline int roundtrip(const struct codec *codec, const uint8_t *bytes, size_t len)
{
	struct profile *profile = profile_new();
	struct err err;

	if (codec->decode((struct view){ (const char *)bytes, len }, profile, &err) == 0) {
		roundtrip_pprof(profile);
		roundtrip_names(profile, &codec_folded);
		roundtrip_names(profile, &codec_speedscope);
	}
	profile_free(profile);
	return 0;
}

#endif
