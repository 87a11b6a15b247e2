/* fuzz_callnames: any bytes as lines, tree and trie; what is accepted can be written and read
 * again. */
#undef NDEBUG
#include <assert.h>

#include "codec/codec.h"
#include "ingest/callnames.h"
#include "model/profile.h"

typedef int decoder(struct view bytes, struct profile *into, struct err *err);

static void check(decoder *decode, struct view bytes)
{
	PROFILE_AUTO profile = profile_new();
	BUF_AUTO text = { 0 };
	struct err err = { 0 };

	if (decode(bytes, profile, &err) < 0)
		assert(err.code < 0 && err.text[0]);
	else
		assert(codec_pprof.encode(profile, &text, NULL) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view bytes = { (const char *)data, size };

	check(callnames_lines, bytes);
	check(callnames_tree, bytes);
	check(callnames_trie, bytes);
	return 0;
}
