/* jfr_named: a LabelsSnapshot: context 9 is tier=gold, profile_id=00aa. */
#ifndef TESTS_JFR_NAMED_H
#define TESTS_JFR_NAMED_H

#include "wire/proto.h"

static inline void jfr_named_pair(struct buf *out, uint64_t key, uint64_t value)
{
	size_t begun = proto_begin(out, 1);

	proto_put_number(out, 1, key);
	proto_put_number(out, 2, value);
	proto_end(out, begun);
}

static inline void jfr_named(struct buf *out)
{
	static const char *const texts[] = { "tier", "gold", "profile_id", "00aa" };
	size_t entry = proto_begin(out, 1), value;

	proto_put_number(out, 1, 9);
	value = proto_begin(out, 2);
	jfr_named_pair(out, 1, 2);
	jfr_named_pair(out, 3, 4);
	proto_end(out, value);
	proto_end(out, entry);
	for (uint64_t i = 0; i < 4; i++) {
		entry = proto_begin(out, 2);
		proto_put_number(out, 1, i + 1);
		proto_put_bytes(out, 2, view_of(texts[i]));
		proto_end(out, entry);
	}
}

#endif
