/* store_report: what `flyover store` says, as text and as JSON. */
#include "cli/store_report.h"

#include <inttypes.h>
#include <time.h>

#include "wire/json.h"

#define MB 1e6

struct count {
	const char *one, *many, *key;
	uint64_t n;
};

static void counts_text(const struct count *counts, size_t n, struct buf *out)
{
	for (size_t i = 0; i < n; i++)
		buf_add_format(out, "%s%" PRIu64 " %s", i ? ", " : "", counts[i].n,
			counts[i].n == 1 ? counts[i].one : counts[i].many);
}

static void counts_json(const struct count *counts, size_t n, struct json *json)
{
	for (size_t i = 0; i < n; i++) {
		json_key(json, counts[i].key);
		json_u64(json, counts[i].n);
	}
}

static void findings_text(const struct findings *findings, struct buf *out)
{
	for (size_t i = 0; i < findings->n; i++)
		buf_add_format(out, "  %s: %s\n", findings->at[i].where, findings->at[i].what);
	if (findings->n_more)
		buf_add_format(out, "  and %" PRIu64 " more\n", findings->n_more);
}

static void findings_json(const struct findings *findings, struct json *json)
{
	json_key(json, "damages");
	json_array(json);
	for (size_t i = 0; i < findings->n; i++) {
		json_object(json);
		json_key(json, "where");
		json_text(json, view_of(findings->at[i].where));
		json_key(json, "what");
		json_text(json, view_of(findings->at[i].what));
		json_object_end(json);
	}
	json_array_end(json);
	json_key(json, "more_damages");
	json_u64(json, findings->n_more);
}

#define CHECK_COUNTS(c)                                                              \
	{                                                                            \
		{ "table", "tables", "tables", (c)->strata.n_tables },               \
			{ "log", "logs", "logs", (c)->strata.n_logs },               \
			{ "series", "series", "series", (c)->survey.n_series },      \
			{ "day", "days", "days", (c)->survey.n_days },               \
			{ "dictionary", "dictionaries", "dictionaries",              \
				(c)->survey.n_dictionaries },                        \
			{ "block", "blocks", "blocks", (c)->survey.n_blocks },       \
			{ "roll-up", "roll-ups", "roll_ups", (c)->survey.n_rolled }, \
			{ "row", "rows", "rows", (c)->survey.n_rows },               \
		{                                                                    \
			"profile", "profiles", "profiles", (c)->survey.n_profiles    \
		}                                                                    \
	}

void store_report_check(
	const struct checkup *checkup, const char *folder, bool as_json, struct buf *out)
{
	const struct count counts[] = CHECK_COUNTS(checkup);
	size_t n = sizeof(counts) / sizeof(counts[0]);
	const struct findings *findings = &checkup->findings;
	struct json json = { .out = out };

	if (as_json) {
		json_object(&json);
		json_key(&json, "whole"), json_bool(&json, findings->n == 0);
		json_key(&json, "bytes"), json_u64(&json, checkup->strata.bytes);
		counts_json(counts, n, &json);
		findings_json(findings, &json);
		json_object_end(&json);
		buf_add_char(out, '\n');
		return;
	}
	buf_add_format(out, "%s: %.1f MB: ", folder, (double)checkup->strata.bytes / MB);
	counts_text(counts, n, out);
	buf_add_text(out, findings->n ? "\nIt is damaged:\n" : "\nIt is whole.\n");
	findings_text(findings, out);
}

void store_report_repair(
	const struct checkup *checkup, const struct mend *mend, bool as_json, struct buf *out)
{
	struct json json = { .out = out };
	const struct count counts[] = {
		{ "profile", "profiles", "profiles", mend ? mend->n_profiles : 0 },
		{ "series", "series", "series", mend ? mend->n_series : 0 },
		{ "block", "blocks", "blocks", mend ? mend->n_blocks : 0 },
		{ "row", "rows", "rows", mend ? mend->n_rows : 0 },
		{ "roll-up", "roll-ups", "roll_ups", mend ? mend->n_rolled : 0 },
	};
	size_t n = sizeof(counts) / sizeof(counts[0]);

	if (as_json) {
		json_object(&json);
		json_key(&json, "repaired"), json_bool(&json, mend);
		if (mend) {
			json_key(&json, "aside"), json_text(&json, view_of(mend->aside.at));
			counts_json(counts, n, &json);
			json_key(&json, "doubled_rows"), json_u64(&json, mend->n_doubled);
			json_key(&json, "roll_ups_to_come"), json_u64(&json, mend->n_stale);
		}
		findings_json(&checkup->findings, &json);
		json_object_end(&json);
		buf_add_char(out, '\n');
		return;
	}
	if (!mend) {
		buf_add_text(out, "It is whole: nothing was done.\n");
		return;
	}
	buf_add_text(out, "Damaged, and lost but for what is kept:\n");
	findings_text(&checkup->findings, out);
	buf_add_text(out, "Kept: ");
	counts_text(counts, n, out);
	if (mend->n_doubled)
		buf_add_format(
			out, "; %" PRIu64 " rows were in their blocks already", mend->n_doubled);
	if (mend->n_stale)
		buf_add_format(out,
			"; %" PRIu64 " roll-ups did not agree with their blocks, and the server "
			"makes them again",
			mend->n_stale);
	buf_add_format(out, ".\nWhat was is in %s.\n", mend->aside.at);
}

void store_report_backup(const struct vault_backup *backup, const char *what, const char *into,
	bool as_json, struct buf *out)
{
	struct json json = { .out = out };
	time_t at = (time_t)backup->time_s;
	char when[32];
	struct tm tm;

	gmtime_r(&at, &tm);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &tm);
	if (as_json) {
		json_object(&json);
		json_key(&json, "backup"), json_u64(&json, backup->id);
		json_key(&json, "time"), json_text(&json, view_of(when));
		json_key(&json, "bytes"), json_u64(&json, backup->bytes);
		json_key(&json, "files"), json_u64(&json, backup->n_files);
		json_object_end(&json);
		buf_add_char(out, '\n');
		return;
	}
	buf_add_format(out, "%s %" PRIu32 " of %s: %" PRIu32 " files, %.1f MB, in %s\n", what,
		backup->id, when, backup->n_files, (double)backup->bytes / MB, into);
}
