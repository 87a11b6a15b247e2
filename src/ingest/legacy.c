/* legacy: a request to Pyroscope's /ingest, as its clients have sent them over the years. */
#include "ingest/legacy.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "ingest/appname.h"
#include "ingest/jfrmessage.h"
#include "ingest/profilekind.h"
#include "ingest/unpack.h"
#include "ingest/when.h"
#include "wire/multipart.h"

#define RATE_STANDARD 100
#define RATE_MAX 1e9
#define YEAR_NS (INT64_C(365) * 86400 * 1000000000)

/* A request while it is understood. */
struct reading {
	const struct legacy_request *request;
	const struct limits *limits;
	struct intake_batch *batch;
	struct refusal *refusal;
	struct view app; /* without its labels */
	int64_t from_ns, until_ns;
	struct view format; /* as unpack_profile has them */
	struct view body;   /* the profile itself */
	struct view config; /* of a form: sample_type_config, JSON, or "" */
	struct view names;  /* of a form: the labels of a recording's contexts, or "" */
};

static struct view format_of(const struct legacy_request *request)
{
	static const char *const known[] = { "trie", "tree", "lines", "jfr", "pprof",
		"speedscope" };
	static const char *const folded[] = { "groups", "folded", "collapsed" };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (view_equal(request->format, view_of(known[i])))
			return view_of(known[i]);
	if (view_starts(request->content_type, VIEW("binary/octet-stream+trie")))
		return VIEW("trie");
	if (view_starts(request->content_type, VIEW("binary/octet-stream+tree")))
		return VIEW("tree");
	if (view_starts(request->content_type, VIEW("multipart/form-data")))
		return VIEW("pprof");
	for (size_t i = 0; i < sizeof(folded) / sizeof(folded[0]); i++)
		if (view_equal(request->format, view_of(folded[i])))
			return VIEW("folded");
	return VIEW(""); /* folded too, but what is plainly a profile is taken for one */
}

static int read_times(struct reading *r)
{
	const struct legacy_request *request = r->request;

	r->from_ns = r->until_ns = request->now_ns;
	if (request->from.len && !when_parse(request->from, request->now_ns, &r->from_ns))
		return refusal_set(r->refusal, 400,
			"from='%.*s' is no time: now, now-3h, YYYYMMDD or seconds since 1970",
			request->from.len < 40 ? (int)request->from.len : 40, request->from.at);
	if (request->until.len && !when_parse(request->until, request->now_ns, &r->until_ns))
		return refusal_set(r->refusal, 400,
			"until='%.*s' is no time: now, now-3h, YYYYMMDD or seconds since 1970",
			request->until.len < 40 ? (int)request->until.len : 40, request->until.at);
	if (r->until_ns < r->from_ns)
		return refusal_set(r->refusal, 400, "until is before from");
	return 0;
}

/* Go's profiles of block and mutex have the same sample types; the form's sample_type_config shows
 * them under names that tell which one it is. */
static struct view name_of_config(struct view config)
{
	if (!config.at)
		return (struct view){ 0 };
	if (memmem(config.at, config.len, "\"block_", 7))
		return VIEW("block");
	if (memmem(config.at, config.len, "\"mutex_", 7))
		return VIEW("mutex");
	return (struct view){ 0 };
}

/* The part that is the profile, and the one that says what its types are. */
static int read_parts(struct reading *r)
{
	struct view wanted = view_equal(r->format, VIEW("jfr")) ? VIEW("jfr") : VIEW("profile");
	struct multipart parts;
	struct multipart_part part;
	bool found = false;

	if (!multipart_begin(&parts, r->request->content_type, r->request->body))
		return refusal_set(r->refusal, 400, "the multipart body has no boundary");
	while (multipart_next(&parts, &part)) {
		if (view_equal(part.name, VIEW("prev_profile")))
			return refusal_set(r->refusal, 400,
				"prev_profile: this client is too old, its profiles cannot be "
				"taken");
		if (view_equal(part.name, VIEW("sample_type_config")))
			r->config = part.body;
		if (view_equal(part.name, VIEW("labels")))
			r->names = part.body;
		if (!view_equal(part.name, wanted))
			continue;
		r->body = part.body;
		found = true;
	}
	if (parts.wrong)
		return refusal_set(r->refusal, 400, "the multipart body: %s", parts.wrong);
	if (!found)
		return refusal_set(r->refusal, 400, "the multipart body has no part '%.*s'",
			(int)wanted.len, wanted.at);
	return 0;
}

static double rate_of(struct view text)
{
	uint64_t rate;

	return view_to_u64(text, &rate) && rate && (double)rate <= RATE_MAX ? (double)rate
									    : RATE_STANDARD;
}

/* "shop" and the kind of "shop.cpu"; NULL and the whole name if it says no kind. */
static const struct profilekind *split_app(struct view app, struct view *ret_service)
{
	const char *dot = app.at ? memrchr(app.at, '.', app.len) : NULL;
	const struct profilekind *kind = NULL;

	if (dot && dot > app.at)
		kind = profilekind_of_suffix(view_between(dot + 1, view_end(app)));
	*ret_service = kind ? view_between(app.at, dot) : app;
	return kind;
}

/* Texts say nothing about themselves: the application's name does. */
static void name_text(struct reading *r, struct intake_profile *item, struct view *ret_service)
{
	const struct profilekind *kind = split_app(r->app, ret_service);

	if (!kind)
		kind = profilekind_of_units(r->request->units);
	profilekind_apply(kind, rate_of(r->request->sample_rate), item->profile);
	item->name = view_of(kind->name);
}

/* These say their units themselves. */
static void name_speedscope(
	struct reading *r, struct intake_profile *item, struct view *ret_service)
{
	const struct profilekind *kind = split_app(r->app, ret_service);
	struct profile *profile = item->profile;
	struct view unit = profile_text(profile, profile->types[0].unit);

	if (!kind)
		kind = profilekind_of_units(view_equal(unit, VIEW("bytes")) ? unit
					    : view_equal(unit, VIEW("nanoseconds"))
						    ? unit
						    : VIEW("samples"));
	if (profile->n_types == 1) {
		profile_retype(profile, 0, view_of(kind->type), unit, 1);
		profile->period_type.type = profile_string(profile, view_of(kind->period_type));
		profile->period_type.unit = profile_string(profile, view_of(kind->period_unit));
	}
	item->name = view_of(kind->name);
}

/* pyspy and rbspy: the file's name goes before the function's; .NET's types have dashes. */
static void mend_for_spy(struct view spy, struct profile *profile)
{
	BUF_AUTO name = { 0 };
	bool with_files = view_equal(spy, VIEW("pyspy")) || view_equal(spy, VIEW("rbspy"));

	for (size_t i = 0; with_files && i < profile->n_functions; i++) {
		struct view file = profile_text(profile, profile->functions[i].file);

		if (!file.len)
			continue;
		buf_clear(&name);
		buf_add_view(&name, file);
		buf_add_char(&name, ' ');
		buf_add_view(&name, profile_text(profile, profile->functions[i].name));
		profile_rename_function(profile, (uint32_t)i, buf_view(&name));
	}
	for (size_t i = 0; view_equal(spy, VIEW("dotnetspy")) && i < profile->n_types; i++) {
		buf_clear(&name);
		buf_add_view(&name, profile_text(profile, profile->types[i].type));
		for (size_t k = 0; k < name.len; k++)
			name.at[k] = name.at[k] == '-' ? '_' : name.at[k];
		profile_retype(profile, i, buf_view(&name),
			profile_text(profile, profile->types[i].unit), 1);
	}
}

static void date(const struct reading *r, struct profile *profile)
{
	if (profile->time_ns < YEAR_NS) /* unknown, or counted from somewhere else */
		profile->time_ns = r->from_ns;
	if (!profile->duration_ns)
		profile->duration_ns = r->until_ns - r->from_ns;
}

static struct hash128 id_of(const struct reading *r)
{
	const struct legacy_request *request = r->request;
	struct view part = request->key.len ? request->key : r->body;
	struct hash128 id = hash128_view(part);

	id.high ^= hash_view(request->name);
	if (!request->key.len)
		id.low ^= hash_pair((uint64_t)r->from_ns, (uint64_t)r->until_ns);
	return id;
}

static void label_service(struct intake_profile *item, struct view service)
{
	bool has_service = labelset_find(&item->labels, "service_name").len;

	labelset_set(&item->labels, has_service ? VIEW("app_name") : VIEW("service_name"), service);
}

static int read_profile(struct reading *r, const struct labelset *labels)
{
	struct view service = r->app, spy = r->request->spy;
	struct intake_profile *item;
	struct unpacked unpacked;
	struct unpack_packed packed = { r->body, r->format, &r->batch->seat };
	int rc = unpack_profile(&packed, r->limits, &unpacked, r->refusal);

	if (rc < 0)
		return rc;
	r->batch->bytes += unpacked.bytes;
	r->batch->n_cut += unpacked.n_cut;
	item = intake_batch_add(r->batch, unpacked.profile);
	if (!item)
		return refusal_set(r->refusal, 503, "out of memory");
	if (!item->profile->n_types)
		return refusal_set(r->refusal, 400, "a profile without sample types");
	labelset_copy(&item->labels, labels);
	if (view_equal(r->format, VIEW("speedscope")))
		name_speedscope(r, item, &service);
	else if (item->profile->n_types == 1 && !item->profile->period_type.type &&
		 !view_equal(r->format, VIEW("pprof")))
		name_text(r, item, &service);
	else
		mend_for_spy(spy, item->profile);
	if (!item->name.len)
		item->name = name_of_config(r->config);
	if (!item->name.len)
		item->name = profilekind_name(item->profile);
	label_service(item, service);
	if (spy.len)
		labelset_set(&item->labels, VIEW("pyroscope_spy"), spy);
	date(r, item->profile);
	item->id = id_of(r);
	return 0;
}

/* ---- recordings of Java, which are several profiles ---- */

struct jfr_reading {
	struct reading *r;
	const struct labelset *labels;
};

static int take_jfr(
	void *owner, struct view name, struct unpacked *unpacked, struct refusal *refusal)
{
	struct jfr_reading *reading = owner;
	struct reading *r = reading->r;
	struct intake_profile *item;
	struct view service;

	r->batch->bytes += unpacked->bytes;
	r->batch->n_cut += unpacked->n_cut;
	item = intake_batch_add(r->batch, unpacked->profile);
	if (!item)
		return refusal_set(refusal, 503, "out of memory");
	labelset_copy(&item->labels, reading->labels);
	item->name = name;
	split_app(r->app, &service);
	label_service(item, service);
	if (r->request->spy.len)
		labelset_set(&item->labels, VIEW("pyroscope_spy"), r->request->spy);
	date(r, item->profile);
	item->id = id_of(r);
	return 0;
}

static int read_jfr(struct reading *r, const struct labelset *labels)
{
	struct jfr_reading reading = { r, labels };
	struct jfrmessage message = { r->body, r->names, rate_of(r->request->sample_rate),
		&r->batch->seat };
	struct jfrmessage_sink sink = { take_jfr, &reading };

	return jfrmessage_read(&message, r->limits, &sink, r->refusal);
}

int legacy_read(const struct legacy_request *request, const struct limits *limits,
	struct intake_batch *batch, struct refusal *refusal)
{
	struct reading r = { .request = request,
		.limits = limits,
		.batch = batch,
		.refusal = refusal,
		.format = format_of(request),
		.body = request->body };
	struct labelset labels;
	int rc;

	labelset_init(&labels, &batch->arena);
	if (!request->name.len)
		return refusal_set(
			refusal, 400, "the query needs name=APP or name=APP{LABEL=VALUE,…}");
	rc = appname_parse(request->name, &labels, &r.app, refusal);
	if (rc == 0)
		rc = read_times(&r);
	if (rc == 0 && view_starts(request->content_type, VIEW("multipart/")))
		rc = read_parts(&r);
	if (rc < 0)
		return rc;
	return view_equal(r.format, VIEW("jfr")) ? read_jfr(&r, &labels)
						 : read_profile(&r, &labels);
}
