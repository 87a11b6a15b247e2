/* otlp_message: small OTLP messages, written by hand. */
#ifndef OTLP_MESSAGE_H
#define OTLP_MESSAGE_H

#include "sample_profile.h"

#include "codec/otlp_load.h"

static inline void put(struct buf *out, uint32_t id, const char *text)
{
	proto_put_bytes(out, id, view_of(text));
}

static inline void put_packed(struct buf *out, uint32_t id, size_t n, const uint64_t *numbers)
{
	size_t begun = proto_begin(out, id);

	for (size_t i = 0; i < n; i++)
		proto_put_varint(out, numbers[i]);
	proto_end(out, begun);
}

/* Strings: 1 cpu, 2 nanoseconds, 3 main, 4 work, 5 thread.name, 6 w1, 7 build id's key, 8 beef, 9 a
 * file; stacks: 1 = main > work; attributes: 1 = thread.name w1, 2 = the build id; link 1. */
static inline void put_dictionary(struct buf *out)
{
	static const char *const strings[] = { "", "cpu", "nanoseconds", "main", "work",
		"thread.name", "w1", OTLP_KEY_BUILD_ID "gnu", "beef", "/bin/x" };
	size_t d = proto_begin(out, OTLP_DICTIONARY), m, n;

	for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++)
		put(out, OTLP_STRINGS, strings[i]);
	put(out, OTLP_MAPPINGS, "");
	m = proto_begin(out, OTLP_MAPPINGS);
	proto_put_number(out, OTLP_MAPPING_START, 0x1000);
	proto_put_number(out, OTLP_MAPPING_FILE, 9);
	put_packed(out, OTLP_MAPPING_ATTRIBUTES, 1, (uint64_t[]){ 2 });
	proto_end(out, m);
	put(out, OTLP_FUNCTIONS, "");
	put(out, OTLP_LOCATIONS, "");
	for (unsigned i = 1; i <= 2; i++) {
		m = proto_begin(out, OTLP_FUNCTIONS);
		proto_put_number(out, OTLP_FUNCTION_NAME, 2 + i);
		proto_end(out, m);
		m = proto_begin(out, OTLP_LOCATIONS);
		proto_put_number(out, OTLP_LOCATION_MAPPING, 1);
		proto_put_number(out, OTLP_LOCATION_ADDRESS, 0x1000 + i);
		n = proto_begin(out, OTLP_LOCATION_LINES);
		proto_put_number(out, OTLP_LINE_FUNCTION, i);
		proto_end(out, n);
		proto_end(out, m);
	}
	put(out, OTLP_STACKS, "");
	m = proto_begin(out, OTLP_STACKS);
	put_packed(out, OTLP_STACK_LOCATIONS, 2, (uint64_t[]){ 2, 1 });
	proto_end(out, m);
	put(out, OTLP_ATTRIBUTES, "");
	for (unsigned i = 5; i <= 7; i += 2) {
		m = proto_begin(out, OTLP_ATTRIBUTES);
		proto_put_number(out, OTLP_KEY, i);
		n = proto_begin(out, OTLP_VALUE);
		proto_put_number(out, OTLP_ANY_STRING, i + 1);
		proto_end(out, n);
		proto_end(out, m);
	}
	put(out, OTLP_LINKS, "");
	m = proto_begin(out, OTLP_LINKS);
	put(out, OTLP_LINK_TRACE, "ABCDEFGHIJKLMNOP");
	put(out, OTLP_LINK_SPAN, "12345678");
	proto_end(out, m);
	proto_end(out, d);
}

/* A sample with whatever fields; the bytes are its message. */
static inline void put_message(struct buf *out, const struct buf *samples, size_t n)
{
	size_t r = proto_begin(out, OTLP_RESOURCE_PROFILES), s, p, t, a, v;

	t = proto_begin(out, OTLP_RESOURCE);
	a = proto_begin(out, OTLP_RESOURCE_ATTRIBUTES);
	put(out, OTLP_KEY, "service.name");
	v = proto_begin(out, OTLP_VALUE);
	put(out, OTLP_ANY_TEXT, "shop");
	proto_end(out, v);
	proto_end(out, a);
	proto_end(out, t);
	s = proto_begin(out, OTLP_SCOPE_PROFILES);
	p = proto_begin(out, OTLP_PROFILES);
	t = proto_begin(out, OTLP_PROFILE_TYPE);
	proto_put_number(out, OTLP_TYPE_NAME, 1);
	proto_put_number(out, OTLP_TYPE_UNIT, 2);
	proto_end(out, t);
	for (size_t i = 0; i < n; i++)
		proto_put_bytes(out, OTLP_PROFILE_SAMPLES, buf_view(&samples[i]));
	proto_put_number(out, OTLP_PROFILE_DURATION, 7);
	put(out, OTLP_PROFILE_ID, "0123456789abcdef");
	proto_end(out, p);
	proto_end(out, s);
	proto_end(out, r);
	put_dictionary(out);
}

/* One sample: stack 1, attribute 1, link 1, value 30; as of either layout. */
static inline void put_sample(struct buf *out, bool is_old)
{
	proto_put_number(out, OTLP_SAMPLE_STACK, 1);
	if (is_old)
		put_packed(out, OTLP_OLD_SAMPLE_VALUES, 1, (uint64_t[]){ 30 });
	put_packed(out, is_old ? OTLP_OLD_SAMPLE_ATTRIBUTES : OTLP_SAMPLE_ATTRIBUTES, 1,
		(uint64_t[]){ 1 });
	proto_put_number(out, is_old ? OTLP_OLD_SAMPLE_LINK : OTLP_SAMPLE_LINK, 1);
	if (!is_old)
		put_packed(out, OTLP_SAMPLE_VALUES, 1, (uint64_t[]){ 30 });
}

/* Decodes a message of the samples; returns what the decoder did. */
static inline int decode_samples(
	const struct buf *samples, size_t n, struct profile **ret, struct err *err)
{
	BUF_AUTO message = { 0 };

	*ret = profile_new();
	put_message(&message, samples, n);
	return otlp_decode(buf_view(&message), *ret, err);
}

static inline struct view label_of(const struct profile *p, size_t sample, const char *key)
{
	const struct label_set *set = &p->label_sets[p->samples[sample].labels];

	for (uint32_t i = 0; i < set->count; i++)
		if (view_equal(profile_text(p, p->labels[set->first + i].key), view_of(key)))
			return profile_text(p, p->labels[set->first + i].str);
	return (struct view){ 0 };
}

#endif
