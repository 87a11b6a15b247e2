/* ways_out_truth: what a selection rests on, as JSON and in a sentence. */
#include "server/ways_out_truth.h"

#include "model/frames.h"
#include "query/evidence.h"
#include "render/truth.h"
#include "server/ways_out_time.h"
#include "wire/json.h"

#define DOT " \u00b7 "
#define MUCH 0.01 /* of the samples, lost, or without a name */
#define BUILDS_TOLD 3u
#define LITTLE 0.95 /* of the range, that a host has profiles of */

static void add_u64(struct json *json, const char *key, uint64_t number)
{
	json_key(json, key), json_u64(json, number);
}

static void add_truncated(struct json *json, const uint64_t *counts)
{
	json_key(json, "truncated"), json_object(json);
	for (int i = 0; i < TRUNCATED_REASONS; i++)
		add_u64(json, truncated_name((enum truncated_reason)i), counts[i]);
	json_object_end(json);
}

static double covered(const struct evidence *evidence, const struct evidence_host *host)
{
	return (double)host->n_seen / evidence->n_steps;
}

/* Whole stretches without a profile, each [from, until]. */
static void add_gaps(struct json *json, const struct evidence *evidence,
	const struct evidence_host *host, int64_t from_ns)
{
	json_key(json, "gaps"), json_array(json);
	for (unsigned i = 0; i < evidence->n_steps; i++) {
		unsigned end = i;

		while (end < evidence->n_steps && !(host->seen[end / 64] >> (end % 64) & 1))
			end++;
		if (end == i)
			continue;
		json_array(json);
		json_double(json, (double)(from_ns + i * evidence->step_ns) / 1e9);
		json_double(json, (double)(from_ns + end * evidence->step_ns) / 1e9);
		json_array_end(json);
		i = end;
	}
	json_array_end(json);
}

static void add_hosts(struct json *json, const struct evidence *evidence, int64_t from_ns)
{
	json_key(json, "hosts"), json_array(json);
	for (size_t i = 0; i < evidence->n_hosts; i++) {
		const struct evidence_host *host = &evidence->hosts[i];

		json_object(json);
		json_key(json, "host"), json_text(json, host->host);
		add_u64(json, "profiles", host->profiles);
		ways_out_time_add(json, "from", host->begin_ns);
		ways_out_time_add(json, "until", host->end_ns);
		json_key(json, "covered"), json_double(json, covered(evidence, host));
		add_gaps(json, evidence, host, from_ns);
		json_object_end(json);
	}
	json_array_end(json);
	add_u64(json, "hosts_left_out", evidence->hosts_left_out);
}

static double busy_of(const struct accounting *a)
{
	return a->all_ticks ? (double)(a->all_ticks - a->idle_ticks) / (double)a->all_ticks : -1;
}

static void add_capture(struct json *json, const struct evidence *evidence)
{
	const struct accounting *a = &evidence->capture;

	if (!a->known)
		return;
	json_key(json, "capture"), json_object(json);
	add_u64(json, "hosts", evidence->capture_hosts);
	add_u64(json, "attempted", a->attempted);
	add_u64(json, "complete", a->complete);
	add_truncated(json, a->truncated);
	json_key(json, "lost"), json_object(json);
	for (int i = 0; i < LOST_REASONS; i++)
		add_u64(json, lost_name((enum lost_reason)i), a->lost[i]);
	json_object_end(json);
	add_u64(json, "idle_ticks", a->idle_ticks);
	add_u64(json, "all_ticks", a->all_ticks);
	json_key(json, "busy"), json_double(json, busy_of(a));
	json_object_end(json);
}

static double unnamed_share(const struct evidence *evidence)
{
	int64_t whole = evidence->has_samples ? evidence->samples : evidence->total;

	return whole > 0 ? (double)evidence->unnamed.total / (double)whole : 0;
}

static void add_unnamed(struct json *json, const struct evidence *evidence)
{
	const struct evidence_unnamed *unnamed = &evidence->unnamed;

	json_key(json, "unnamed"), json_object(json);
	add_u64(json, "frames", unnamed->frames);
	json_key(json, "share"), json_double(json, unnamed_share(evidence));
	json_key(json, "builds"), json_array(json);
	for (size_t i = 0; i < unnamed->n; i++) {
		const struct evidence_unnamed_build *build = &unnamed->builds[i];

		json_object(json);
		json_key(json, "build_id"), json_text(json, build->build_id);
		json_key(json, "file"), json_text(json, build->file);
		add_u64(json, "frames", build->frames);
		json_key(json, "total"), json_i64(json, build->total);
		json_object_end(json);
	}
	json_array_end(json);
	json_object_end(json);
}

/* ---- for people ---- */

/* A profile that only says how it was taken, for the line and the warnings of all profiles. */
static struct profile *stand_in(const struct evidence *evidence)
{
	struct profile *profile = profile_new();
	int64_t samples = evidence->samples;

	if (!profile)
		return NULL;
	profile_add_type(profile, VIEW("samples"), VIEW("count"), NULL);
	profile_add(profile, STACK_EMPTY, 0, &samples);
	profile->accounting = evidence_accounting(evidence);
	return profile;
}

static double lost_share(const struct accounting *a)
{
	return a->attempted ? (double)accounting_lost(a) / (double)a->attempted : 0;
}

static void write_line(
	const struct evidence *evidence, const struct profile *profile, struct buf *out)
{
	const struct accounting *a = &evidence->capture;

	if (evidence->has_samples) {
		truth_line(profile, out);
	} else {
		truth_add_count(out, evidence->profiles);
		buf_add_text(out, evidence->profiles == 1 ? " profile" : " profiles");
	}
	if (accounting_lost(a)) {
		buf_add_text(out, DOT);
		truth_add_share(out, lost_share(a));
		buf_add_text(out, " lost there");
	}
	if (evidence->n_hosts == 0 || evidence->hosts[0].host.len == 0)
		return;
	buf_add_text(out, DOT);
	truth_add_count(out, evidence->n_hosts + evidence->hosts_left_out);
	buf_add_text(out, evidence->n_hosts == 1 ? " host" : " hosts");
}

/* What would help, the most helpful first. */
static void write_unnamed(const struct evidence *evidence, struct buf *out)
{
	const struct evidence_unnamed *unnamed = &evidence->unnamed;
	unsigned n = 0;

	if (unnamed_share(evidence) <= MUCH)
		return;
	truth_add_share(out, unnamed_share(evidence));
	buf_add_text(out, " of the samples have frames without a name");
	for (size_t i = 0; i < unnamed->n && n < BUILDS_TOLD; i++) {
		const struct evidence_unnamed_build *build = &unnamed->builds[i];
		struct view file = frames_module(build->file);

		if (build->build_id.len == 0)
			continue;
		buf_add_format(out, "%s%.*s (%.*s)",
			n++ ? ", " : "; `flyover debuginfo upload` a file for ", (int)file.len,
			file.at ? file.at : "", (int)build->build_id.len, build->build_id.at);
	}
	buf_add_text(out, ".\n");
}

static void write_warnings(
	const struct evidence *evidence, const struct profile *profile, struct buf *out)
{
	const struct accounting *a = &evidence->capture;
	size_t n_partial = 0, worst = 0;

	if (evidence->has_samples)
		truth_warnings(profile, out);
	write_unnamed(evidence, out);
	if (lost_share(a) > MUCH) {
		buf_add_text(out, "These hosts lost ");
		truth_add_share(out, lost_share(a));
		buf_add_text(out, " of all their samples; some may have been of this selection.\n");
	}
	for (size_t i = 0; i < evidence->n_hosts; i++)
		if (covered(evidence, &evidence->hosts[i]) < LITTLE) {
			n_partial++;
			if (covered(evidence, &evidence->hosts[i]) <
				covered(evidence, &evidence->hosts[worst]))
				worst = i;
		}
	if (n_partial == 0)
		return;
	truth_add_count(out, n_partial);
	buf_add_text(out, n_partial == 1 ? " host has profiles of a part of the range only"
					 : " hosts have profiles of a part of the range only");
	if (evidence->hosts[worst].host.len) {
		buf_add_text(out, ": ");
		buf_add_view(out, evidence->hosts[worst].host);
		buf_add_text(out, " of ");
		truth_add_share(out, covered(evidence, &evidence->hosts[worst]));
	}
	buf_add_text(out, ".\n");
}

static void add_words(struct json *json, const struct evidence *evidence)
{
	PROFILE_AUTO profile = stand_in(evidence);
	BUF_AUTO line = { 0 };
	BUF_AUTO warnings = { 0 };
	struct view rest;
	bool more = true;

	if (!profile)
		return;
	write_line(evidence, profile, &line);
	write_warnings(evidence, profile, &warnings);
	json_key(json, "level"), json_text(json, warnings.len ? VIEW("care") : VIEW("well"));
	json_key(json, "line"), json_text(json, buf_view(&line));
	json_key(json, "sentences"), json_array(json);
	for (rest = buf_view(&warnings); more && rest.len;)
		json_text(json, view_take(&rest, '\n', &more));
	json_array_end(json);
}

int ways_out_truth(struct store *store, const struct question *question,
	const struct router_call *call, struct buf *out, struct err *err)
{
	struct json json = { .out = out };
	struct evidence evidence;
	struct accounting own;
	int rc = evidence_gather(store, &question->select, &evidence, err);

	(void)call;
	own = evidence_accounting(&evidence);
	json_object(&json);
	ways_out_time_add(&json, "from", question->select.from_ns);
	ways_out_time_add(&json, "until", question->select.to_ns);
	add_u64(&json, "profiles", evidence.profiles);
	add_u64(&json, "series", evidence.series);
	json_key(&json, "total"), json_i64(&json, evidence.total);
	json_key(&json, "unit"), json_text(&json, question->select.type.unit);
	if (own.known) {
		add_u64(&json, "samples", own.attempted);
		add_u64(&json, "complete", own.complete);
		add_truncated(&json, own.truncated);
	}
	ways_out_time_add(&json, "first", evidence.begin_ns);
	ways_out_time_add(&json, "last", evidence.end_ns);
	ways_out_time_add(&json, "step", evidence.step_ns);
	add_hosts(&json, &evidence, question->select.from_ns);
	add_unnamed(&json, &evidence);
	add_capture(&json, &evidence);
	add_words(&json, &evidence);
	json_object_end(&json);
	buf_add_char(out, '\n');
	evidence_fini(&evidence);
	return rc;
}
