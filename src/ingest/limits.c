/* limits: how much a tenant may send. */
#include "ingest/limits.h"

#include <stdio.h>
#include <string.h>

#include "base/view.h"

#define AT(member) offsetof(struct limits, member)
#define KIB ((uint64_t)1 << 10)
#define MIB ((uint64_t)1 << 20)
#define GIB ((uint64_t)1 << 30)

const struct limit limits_all[] = {
	{ "body_bytes", AT(body_bytes), 16 * MIB, KIB, GIB, "bytes of a request, as sent" },
	{ "unpacked_bytes", AT(unpacked_bytes), 32 * MIB, KIB, GIB,
		"bytes of a profile, unpacked" },
	{ "unpack_ratio", AT(unpack_ratio), 200, 2, 2000,
		"unpacked bytes to a packed one, past the first MiB" },
	{ "samples", AT(samples), 250000, 1, 16 * MIB, "samples of a profile" },
	{ "depth", AT(depth), 1024, 2, 64 * KIB, "frames of a stack; what is deeper is cut off" },
	{ "frames", AT(frames), 2 * MIB, 1, 256 * MIB, "frames of all stacks of a profile" },
	{ "locations", AT(locations), MIB, 1, 16 * MIB,
		"locations, functions or mappings of a pprof profile" },
	{ "strings", AT(strings), MIB, 1, 16 * MIB, "texts in the table of a pprof profile" },
	{ "profile_series", AT(profile_series), 500, 1, 100000,
		"series that the labels of one profile's samples make; labels that make more are "
		"left out" },
	{ "profiles", AT(profiles), 1000, 1, 100000, "profiles of a request" },
	{ "labels", AT(labels), 30, 1, 60, "labels of a series" },
	{ "label_name_bytes", AT(label_name_bytes), 128, 1, 4 * KIB, "bytes of a label's name" },
	{ "label_value_bytes", AT(label_value_bytes), 2 * KIB, 1, 64 * KIB,
		"bytes of a label's value" },
	{ "series", AT(series), 50000, 1, 100000000, "series of a tenant within an hour" },
	{ "rate_bytes", AT(rate_bytes), 64 * MIB, KIB, 1024 * GIB,
		"unpacked bytes a second of a tenant" },
	{ "burst_bytes", AT(burst_bytes), 256 * MIB, KIB, 1024 * GIB,
		"unpacked bytes at once beyond the rate" },
	{ "age_seconds", AT(age_seconds), 48 * 3600, 60, 400 * 86400,
		"how old a profile may be when it comes" },
	{ "ahead_seconds", AT(ahead_seconds), 600, 1, 86400,
		"how far ahead of our clock a profile's time may be" },
	{ "tenants", AT(tenants), 1000, 1, 1000000, "tenants" },
	{ 0 },
};

static uint64_t *place(struct limits *limits, const struct limit *limit)
{
	return (uint64_t *)((char *)limits + limit->offset);
}

void limits_defaults(struct limits *limits)
{
	for (const struct limit *l = limits_all; l->name; l++)
		*place(limits, l) = l->standard;
}

static int unknown(struct view name, struct err *err)
{
	char names[400] = "";
	size_t len = 0;

	for (const struct limit *l = limits_all; l->name && len < sizeof(names); l++)
		len += (size_t)snprintf(
			names + len, sizeof(names) - len, "%s%s", len ? ", " : "", l->name);
	return err_set(err, ERR_USAGE, "there is no limit '%.*s'; there are %s", (int)name.len,
		name.at, names);
}

int limits_set(struct limits *limits, const char *text, struct err *err)
{
	struct view value = view_of(text), name;
	uint64_t number;
	bool more;

	name = view_take(&value, '=', &more);
	for (const struct limit *l = limits_all; l->name; l++) {
		if (!view_equal(name, view_of(l->name)))
			continue;
		if (!more || !view_to_u64(value, &number) || number < l->min || number > l->max)
			return err_set(err, ERR_USAGE, "%s takes a number from %llu to %llu",
				l->name, (unsigned long long)l->min, (unsigned long long)l->max);
		*place(limits, l) = number;
		return 0;
	}
	return unknown(name, err);
}
