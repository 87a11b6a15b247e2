/*
 * selector: which profiles somebody asks for, in PromQL's words.
 *
 *     process_cpu:cpu:nanoseconds:cpu:nanoseconds{service_name="shop",region=~"eu|us"}
 *     cpu{service_name="shop"}        short names stand for whole ones
 *     {service_name!=""}              the type is said elsewhere, or as __profile_type__
 *
 * Other conditions on __profile_type__ than = stay matchers: no label has that name.
 *
 * Strings are in double quotes with \" \\ \n \t, in single ones, or in backquotes without escapes.
 * Expressions match a whole value. A name may be in quotes, for those that are no identifiers.
 */
#ifndef QUERY_SELECTOR_H
#define QUERY_SELECTOR_H

#include "base/arena.h"
#include "base/err.h"
#include "store/store.h"

#define SELECTOR_BYTES_MAX ((size_t)16 << 10)
#define SELECTOR_MATCHERS_MAX 64u

struct selector {
	struct arena arena;
	struct store_type type; /* zero if none was said */
	struct matcher matchers[SELECTOR_MATCHERS_MAX];
	size_t n_matchers;
};

/* ERR_USAGE with the place (the byte, from 1) where it goes wrong. selector_fini also after that.
 */
int selector_parse(struct selector *selector, struct view text, struct err *err);
void selector_fini(struct selector *selector);

/* "name:type:unit:period_type:period_unit" (a sixth part is ignored) or a short name such as cpu,
 * heap or mutex. ERR_USAGE for anything else, with all short names. Borrows from `text`. */
int selector_type(struct view text, struct store_type *ret, struct err *err);

#endif
