/* pprof_message: a small profile by hand, so that a test can break one thing in it. */
#ifndef PPROF_MESSAGE_H
#define PPROF_MESSAGE_H

#include "sample_profile.h"

#include "codec/pprof_format.h"
#include "wire/proto.h"

/* A message of pairs (field, number), ended by field 0. */
static inline void put_message(struct buf *out, uint32_t id, const uint64_t *pairs)
{
	size_t begun = proto_begin(out, id);

	for (; pairs[0]; pairs += 2)
		proto_put_number(out, (uint32_t)pairs[0], pairs[1]);
	proto_end(out, begun);
}

#define PUT(out, id, ...) put_message(out, id, (const uint64_t[]){ __VA_ARGS__, 0 })

/* Strings 0 "", 1 "samples", 2 "count", 3 "main", 4 "work". */
static inline void put_strings(struct buf *out)
{
	static const char *const strings[] = { "", "samples", "count", "main", "work" };

	for (size_t i = 0; i < 5; i++)
		proto_put_bytes(out, PPROF_STRING_TABLE, view_of(strings[i]));
}

/* Sample type, functions and locations 1 (main) and 2 (work): all but samples and strings. */
static inline void put_tables(struct buf *out)
{
	PUT(out, PPROF_SAMPLE_TYPE, 1, 1, 2, 2);
	for (uint64_t i = 1; i <= 2; i++) {
		size_t location = proto_begin(out, PPROF_LOCATION);

		proto_put_number(out, PPROF_LOCATION_ID, i);
		PUT(out, PPROF_LOCATION_LINE, PPROF_LINE_FUNCTION, i);
		proto_end(out, location);
		PUT(out, PPROF_FUNCTION, PPROF_FUNCTION_ID, i, PPROF_FUNCTION_NAME, 2 + i);
	}
}

static inline void assert_refused(const struct buf *message, int code, const char *sentence)
{
	PROFILE_AUTO p = profile_new();
	struct err err = { 0 };

	assert_int_equal(pprof_decode(buf_view(message), p, &err), code);
	if (!strstr(err.text, sentence))
		fail_msg("\"%s\" does not say \"%s\"", err.text, sentence);
	assert_memory_equal(err.text, "at byte ", 8);
}

static inline struct profile *accepted(const struct buf *message)
{
	struct profile *p = profile_new();
	struct err err = { 0 };

	if (pprof_decode(buf_view(message), p, &err) < 0)
		fail_msg("%s", err.text);
	return p;
}

#endif
