/* fuzz_selector: any bytes as a selector; what is understood has conditions that can be asked. */
#undef NDEBUG
#include <assert.h>
#include <string.h>

#include "query/selector.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const VALUES[] = { "", "shop", "eu", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" };
	struct selector selector;
	struct err err = { 0 };
	int rc = selector_parse(&selector, (struct view){ (const char *)data, size }, &err);

	assert(rc <= 0 && (rc == 0 || err.text[0]));
	assert(selector.n_matchers <= SELECTOR_MATCHERS_MAX);
	if (rc == 0)
		assert(!selector.type.name.len == !selector.type.type.len);
	for (size_t i = 0; rc == 0 && i < selector.n_matchers; i++) {
		const struct matcher *matcher = &selector.matchers[i];

		assert(!view_equal(matcher->name, VIEW("__profile_type__")));
		for (size_t k = 0; k < sizeof(VALUES) / sizeof(VALUES[0]); k++)
			matcher_holds(matcher, view_of(VALUES[k]));
		matcher_check(matcher, &err);
	}
	selector_fini(&selector);
	return 0;
}
