/* direct: a profile as a person sends it with curl. */
#include "ingest/direct.h"

#include "ingest/jfrmessage.h"
#include "ingest/profilekind.h"
#include "ingest/unpack.h"
#include "ingest/when.h"

#define SHOWN(text) ((text).len < 40 ? (int)(text).len : 40), (text).at

static const struct {
	const char *type, *name;
} names[] = {
	{ "cpu", "process_cpu" },
	{ "heap", "memory" },
	{ "allocs", "memory" },
	{ "offcpu", "block" },
	{ "lock", "mutex" },
	{ "threads", "goroutine" },
	{ "goroutines", "goroutine" },
};

/* What a person calls it, as the name that profiles of that kind have. */
static struct view name_of(struct view type, const struct profile *profile)
{
	if (!type.len)
		return profilekind_name(profile);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (view_equal(view_of(names[i].type), type))
			return view_of(names[i].name);
	return type;
}

int direct_label(struct labelset *labels, struct view text, struct refusal *refusal)
{
	struct view value = text, name;
	bool more;

	name = view_trim(view_take(&value, '=', &more));
	if (!name.len || !more)
		return refusal_set(
			refusal, 400, "label='%.*s' should be label=NAME%%3DVALUE", SHOWN(text));
	if (view_starts(name, VIEW("__")))
		return refusal_set(refusal, 400,
			"labels that begin with __ are the server's own: '%.*s'", SHOWN(name));
	if (!labelset_set(labels, name, value))
		return refusal_set(
			refusal, 422, "more than %d labels (limits.labels)", LABELSET_MAX);
	return 0;
}

static int read_time(const struct direct_request *request, struct view text, const char *name,
	int64_t *ret_ns, struct refusal *refusal)
{
	*ret_ns = request->now_ns;
	if (!text.len || when_parse(text, request->now_ns, ret_ns))
		return 0;
	return refusal_set(refusal, 400,
		"%s='%.*s' is no time: now, now-3h, YYYYMMDD or seconds since 1970", name,
		SHOWN(text));
}

static void date(struct profile *profile, int64_t from_ns, int64_t until_ns, bool is_given)
{
	if (is_given || !profile->time_ns)
		profile->time_ns = from_ns;
	if (!profile->duration_ns && until_ns > from_ns)
		profile->duration_ns = until_ns - from_ns;
}

/* A text has one type that says nothing: the query does. */
static void name_text(struct view type, struct profile *profile)
{
	const struct profilekind *kind = profilekind_of_suffix(type.len ? type : VIEW("cpu"));

	if (profile->n_types == 1 && !profile->period_type.type && kind &&
		view_equal(profile_text(profile, profile->types[0].unit), VIEW("count")))
		profilekind_apply(kind, 100, profile);
}

struct reading {
	const struct direct_request *request;
	struct intake_batch *batch;
	int64_t from_ns, until_ns;
};

static int add(struct reading *r, struct unpacked *unpacked, struct intake_profile **ret,
	struct refusal *refusal)
{
	const struct direct_request *request = r->request;
	struct intake_profile *item;

	r->batch->bytes += unpacked->bytes;
	r->batch->n_cut += unpacked->n_cut;
	item = intake_batch_add(r->batch, unpacked->profile);
	if (!item)
		return refusal_set(refusal, 503, "out of memory");
	labelset_copy(&item->labels, request->labels);
	labelset_set(&item->labels, VIEW("service_name"), request->service);
	date(item->profile, r->from_ns, r->until_ns, request->from.len);
	item->id = hash128_view(request->key.len ? request->key : request->body);
	if (request->from.len)
		item->id.low ^= (uint64_t)r->from_ns;
	*ret = item;
	return 0;
}

/* One of a recording of Java; it says itself what it is. */
static int take_jfr(
	void *owner, struct view name, struct unpacked *unpacked, struct refusal *refusal)
{
	struct intake_profile *item;
	int rc = add(owner, unpacked, &item, refusal);

	if (rc == 0)
		item->name = name;
	return rc;
}

static int read_recording(struct reading *r, const struct limits *limits, struct refusal *refusal)
{
	struct jfrmessage recording = {
		.recording = r->request->body, .labels = VIEW(""), .seat = &r->batch->seat
	};
	struct jfrmessage_sink sink = { take_jfr, r };

	return jfrmessage_read(&recording, limits, &sink, refusal);
}

static int read_one(struct reading *r, const struct limits *limits, struct refusal *refusal)
{
	const struct direct_request *request = r->request;
	struct intake_profile *item;
	struct unpacked unpacked;
	struct unpack_packed packed = { request->body, request->format, &r->batch->seat };
	int rc = unpack_profile(&packed, limits, &unpacked, refusal);

	if (unpacked.is_recording)
		return read_recording(r, limits, refusal);
	if (rc == 0)
		rc = add(r, &unpacked, &item, refusal);
	if (rc < 0)
		return rc;
	name_text(request->type, item->profile);
	item->name = name_of(request->type, item->profile);
	return 0;
}

int direct_read(const struct direct_request *request, const struct limits *limits,
	struct intake_batch *batch, struct refusal *refusal)
{
	struct reading r = { .request = request, .batch = batch };
	int rc;

	if (!request->service.len)
		return refusal_set(refusal, 400, "the query needs service=NAME");
	rc = read_time(request, request->from, "from", &r.from_ns, refusal);
	if (rc == 0)
		rc = read_time(request, request->until, "until", &r.until_ns, refusal);
	if (rc < 0)
		return rc;
	if (view_equal(request->format, VIEW("jfr")))
		return read_recording(&r, limits, refusal);
	return read_one(&r, limits, refusal);
}
