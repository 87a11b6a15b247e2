/* speedscope_text: speedscope files by hand, and what becomes of them. */
#ifndef SPEEDSCOPE_TEXT_H
#define SPEEDSCOPE_TEXT_H

#include "sample_profile.h"

#include "codec/folded_format.h"
#include "codec/speedscope_format.h"

#define FRAMES \
	"\"shared\":{\"frames\":[{\"name\":\"a\"},{\"name\":\"b\",\"file\":\"f.c\",\"line\":3}]}"

static inline struct profile *read_text(const char *text)
{
	struct profile *p = profile_new();
	struct err err = { 0 };

	if (speedscope_decode(view_of(text), p, &err) < 0)
		fail_msg("%s", err.text);
	return p;
}

static inline void assert_folded(const struct profile *p, const char *wanted)
{
	BUF_AUTO out = { 0 };

	assert_int_equal(folded_encode(p, &out, NULL), 0);
	assert_view_equal(buf_view(&out), wanted);
}

static inline void refuses(const char *text, const char *sentence)
{
	PROFILE_AUTO p = profile_new();
	struct err err = { 0 };

	assert_true(speedscope_decode(view_of(text), p, &err) < 0);
	if (!strstr(err.text, sentence))
		fail_msg("\"%s\" does not say \"%s\"", err.text, sentence);
}

#endif
