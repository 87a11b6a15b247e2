/* store_impl: what an implementation of a store brings. */
#ifndef STORE_STORE_IMPL_H
#define STORE_STORE_IMPL_H

#include "store/store.h"

#define STORE_DAY_NS ((int64_t)86400 * 1000000000)
#define STORE_WEEK_DAYS 7
#define STORE_LABELS_MAX 64
#define STORE_TEXT_MAX 4096 /* of a label, a name, a tenant */
#define STORE_TIME_MAX ((int64_t)1 << 62)

/* As the functions of store.h, which have checked what they were given. */
struct store_ops {
	void (*close)(struct store *store);
	int (*append)(struct store *store, const struct store_entry *entries, size_t n,
		const struct store_receipt *receipt, struct err *err);
	int (*scan)(struct store *store, const struct store_scan *scan, struct err *err);
	int (*find_series)(struct store *store, const struct store_select *select,
		int (*each)(void *owner, const struct store_series *series), void *owner,
		struct err *err);
	void (*figures)(struct store *store, struct store_figures *ret);
};

struct store { /* the first member of an implementation's own */
	const struct store_ops *ops;
	struct latenames *names;
};

struct view store_label_of(struct store_labels labels, struct view name); /* "" if not there */

/* The type of the series that is asked for: its number, or -1. A zero type is any: 0. */
int store_type_of(const struct store_series *series, const struct store_type *type);

/* Whether the series has the type asked for, if any, and all matchers hold; the tenant not. */
bool store_selects(const struct store_select *select, const struct store_series *series);

/* ERR_LIMIT if a matcher gave up. */
int store_check_matchers(const struct store_select *select, struct err *err);

static inline int64_t store_sum(int64_t a, int64_t b) /* saturating */
{
	int64_t sum;

	if (__builtin_add_overflow(a, b, &sum))
		return a < 0 ? INT64_MIN : INT64_MAX;
	return sum;
}

static inline uint32_t store_day(int64_t time_ns)
{
	return time_ns <= 0 ? 0 : (uint32_t)(time_ns / STORE_DAY_NS);
}

#endif
