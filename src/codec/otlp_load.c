/*
 * otlp_load: profiles made of the scanned columns of an OTLP message.
 *
 * Every profile of a message may name the same entries of its dictionary, so a small message could
 * become any amount of memory. What is made of it is counted, and bounded by its length.
 */
#include "codec/otlp_load.h"

#include <stdlib.h>

#include "codec/pprof_format.h"

#define LEFT_MIN ((size_t)128 << 20)
#define LEFT_RATIO 16 /* bytes that a byte of the message may become */
#define MADE_STRING 48

static bool add_column(struct otlp_made **column, size_t n)
{
	*column = calloc(n + 1, sizeof(**column));
	return *column;
}

int otlp_load_init(struct otlp_loader *l, const struct otlp_columns *from, struct err *err)
{
	*l = (struct otlp_loader){
		.from = from, .err = err, .left = LEFT_MIN + LEFT_RATIO * from->bytes.len
	};
	if (add_column(&l->strings, from->n_strings) &&
		add_column(&l->mappings, from->n_mappings) &&
		add_column(&l->functions, from->n_functions) &&
		add_column(&l->locations, from->n_locations) &&
		add_column(&l->stacks, from->n_stacks))
		return 0;
	return err_set(err, ERR_NOMEM, "out of memory");
}

void otlp_load_fini(struct otlp_loader *l)
{
	arena_fini(&l->texts);
	free(l->strings);
	free(l->mappings);
	free(l->functions);
	free(l->locations);
	free(l->stacks);
	free(l->labels);
	free(l->path);
	free(l->lines);
}

void otlp_load_begin(struct otlp_loader *l, struct profile *into)
{
	l->into = into;
	l->round++;
}

int otlp_load_spend(struct otlp_loader *l, size_t bytes)
{
	if (bytes > l->left) {
		l->left = 0;
		return err_set(l->err, ERR_LIMIT,
			"the profiles of this message share so much of its dictionary that they "
			"would take more than %zu bytes apart",
			LEFT_MIN + LEFT_RATIO * l->from->bytes.len);
	}
	l->left -= bytes;
	return 0;
}

uint32_t otlp_load_string(struct otlp_loader *l, uint32_t index)
{
	struct otlp_made *made = &l->strings[index];

	if (index == 0 || made->round == l->round)
		return index ? made->id : 0;
	otlp_load_spend(l, MADE_STRING + l->from->strings[index].len);
	*made = (struct otlp_made){ l->round, profile_string(l->into, l->from->strings[index]) };
	return made->id;
}

/* ---- the profile itself ---- */

static void load_comments(struct otlp_loader *l, struct view value)
{
	struct proto list = otlp_label_list(value);
	struct accounting accounting;
	struct view item, text;

	while (l->into->n_comments < PPROF_COMMENTS_MAX && otlp_label_next_item(&list, &item)) {
		if (!otlp_label_text(l->from, item, &text))
			continue;
		otlp_load_spend(l, MADE_STRING + text.len);
		if (accounting_from_comment(text, &accounting))
			l->into->accounting = accounting; /* each profile of one capture has it */
		else
			profile_comment(l->into, text);
	}
}

/* True if it is about the whole profile, and no label. */
static bool load_about(struct otlp_loader *l, const struct otlp_attribute *a)
{
	static const struct {
		const char *key;
		size_t offset;
	} texts[] = {
		{ OTLP_KEY_DOC_URL, offsetof(struct profile, doc_url) },
		{ OTLP_KEY_DROP, offsetof(struct profile, drop_frames) },
		{ OTLP_KEY_KEEP, offsetof(struct profile, keep_frames) },
		{ OTLP_KEY_DEFAULT_TYPE, offsetof(struct profile, default_type) },
	};
	struct view text;

	if (!view_starts(a->key, VIEW("pprof.")))
		return false;
	if (view_equal(a->key, VIEW(OTLP_KEY_COMMENT)) && !l->knows_scope)
		load_comments(l, a->value);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (view_equal(a->key, view_of(texts[i].key)) &&
			otlp_label_text(l->from, a->value, &text)) {
			otlp_load_spend(l, MADE_STRING + text.len);
			*(uint32_t *)((char *)l->into + texts[i].offset) =
				profile_string(l->into, text);
		}
	return true;
}

static void add_common(struct otlp_loader *l, const struct otlp_attribute *a)
{
	struct otlp_label label;

	if (load_about(l, a) || !otlp_label_read(l->from, a, &l->texts, &label))
		return;
	for (size_t i = 0; i < l->n_common; i++)
		if (view_equal(l->common[i].name, label.name)) {
			l->common[i] = label; /* the nearer one says it better */
			return;
		}
	l->common[l->n_common++] = label;
}

/* The attributes of a resource or a scope: field `id` of `message`. */
static int common_of(struct otlp_loader *l, struct view message, uint32_t id)
{
	struct proto in = proto_of(message);
	struct otlp_attribute attribute;
	struct proto_field f;
	size_t count = 0;
	int rc = otlp_load_spend(l, message.len);

	while (rc == 0 && proto_next(&in, &f)) {
		if (f.id != id || f.wire != PROTO_BYTES)
			continue;
		if (count++ == OTLP_ATTRIBUTES_MAX)
			return otlp_scan_fail(l->from, ERR_LIMIT, f.bytes.at,
				"more than %zu attributes of a resource or scope",
				OTLP_ATTRIBUTES_MAX);
		rc = otlp_scan_key_value(l->from, f.bytes, &attribute);
		if (rc == 0)
			add_common(l, &attribute);
	}
	return rc < 0 ? rc : otlp_scan_end(l->from, &in);
}

/* The scope's name and version, as the label that Prometheus has for them. */
static int scope_names(struct otlp_loader *l, struct view scope)
{
	static const char *const names[] = {
		[OTLP_SCOPE_NAME] = "otel_scope_name", [OTLP_SCOPE_VERSION] = "otel_scope_version"
	};
	struct proto in = proto_of(scope);
	struct view texts[OTLP_SCOPE_VERSION + 1] = { 0 };
	struct proto_field f;

	while (proto_next(&in, &f))
		if ((f.id == OTLP_SCOPE_NAME || f.id == OTLP_SCOPE_VERSION) &&
			f.wire == PROTO_BYTES)
			texts[f.id] = f.bytes;
	for (size_t i = OTLP_SCOPE_NAME; i <= OTLP_SCOPE_VERSION; i++)
		if (texts[i].len)
			l->common[l->n_common++] =
				(struct otlp_label){ .name = view_of(names[i]), .text = texts[i] };
	return otlp_scan_end(l->from, &in);
}

static void load_times(struct otlp_loader *l, const struct otlp_profile *p)
{
	struct profile *into = l->into;
	int64_t begin = (int64_t)p->time_ns, end = into->time_ns + into->duration_ns;

	if (begin && (!into->time_ns || begin < into->time_ns))
		into->time_ns = begin;
	if (begin + (int64_t)p->duration_ns > end)
		end = begin + (int64_t)p->duration_ns;
	into->duration_ns = end - into->time_ns;
	if (!into->period && !into->period_type.type) {
		into->period = p->period;
		into->period_type.type = otlp_load_string(l, p->period_type.type);
		into->period_type.unit = otlp_load_string(l, p->period_type.unit);
	}
}

int otlp_load_header(struct otlp_loader *l, const struct otlp_profile *p)
{
	int rc;

	arena_fini(&l->texts);
	arena_init(&l->texts, 0);
	l->n_common = 0;
	l->knows_scope = l->scope_round == l->round && l->scope == p->scope.at;
	l->scope_round = l->round;
	l->scope = p->scope.at;
	if (p->time_ns > INT64_MAX || p->duration_ns > INT64_MAX - p->time_ns)
		return otlp_scan_fail(
			l->from, ERR_CORRUPT, p->message.at, "a time after the year 2262");
	load_times(l, p);
	rc = scope_names(l, p->scope);
	if (rc == 0)
		rc = common_of(l, p->resource, OTLP_RESOURCE_ATTRIBUTES);
	if (rc == 0)
		rc = common_of(l, p->scope, OTLP_SCOPE_ATTRIBUTES);
	for (uint32_t i = 0; rc == 0 && i < p->attributes.count; i++) {
		uint32_t index = l->from->indices[p->attributes.first + i];

		rc = otlp_load_spend(l, l->from->attributes[index].value.len);
		add_common(l, &l->from->attributes[index]);
	}
	if (rc == 0 && l->left == 0)
		rc = ERR_LIMIT; /* whoever took the rest has said so */
	return l->texts.failed || l->into->failed ? err_set(l->err, ERR_NOMEM, "out of memory")
						  : rc;
}
