/* otlp_decode: an OTLP message as one profile, or as each of those it holds. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "codec/otlp_load.h"
#include "codec/pprof_format.h"

#define NUMBER_MAX 24
#define PROFILE_ID_LEN 16

/* The sample type of the profile, in `into`: one that is there already or a new one. */
static int type_of(struct otlp_loader *l, const struct otlp_profile *p, size_t *ret)
{
	static const struct view none = { 0 };
	struct view type = p->type.type ? l->from->strings[p->type.type] : none;
	struct view unit = p->type.unit ? l->from->strings[p->type.unit] : none;
	struct profile *into = l->into;

	for (size_t i = 0; i < into->n_types; i++)
		if (view_equal(profile_text(into, into->types[i].type), type) &&
			view_equal(profile_text(into, into->types[i].unit), unit)) {
			*ret = i;
			return 0;
		}
	*ret = into->n_types;
	return profile_add_type(into, type, unit, l->err);
}

static int load_all(struct otlp_loader *l, struct profile *into)
{
	const struct otlp_columns *c = l->from;
	size_t type;
	int rc = 0;

	otlp_load_begin(l, into);
	for (size_t i = 0; rc == 0 && i < c->n_profiles; i++)
		rc = type_of(l, &c->profiles[i], &type);
	for (size_t i = 0; rc == 0 && i < c->n_profiles; i++) {
		rc = otlp_load_header(l, &c->profiles[i]);
		if (rc == 0)
			rc = type_of(l, &c->profiles[i], &type);
		if (rc == 0)
			rc = otlp_samples_load(l, &c->profiles[i], type, true);
		if (rc < 0)
			err_where(l->err, "profile %zu", i + 1);
	}
	return rc;
}

/* Ready to be loaded from, also after an error. */
static int open_message(struct view bytes, struct otlp_columns *columns, struct otlp_loader *loader,
	struct err *err)
{
	int rc = otlp_scan(bytes, columns, err);

	*loader = (struct otlp_loader){ 0 };
	return rc < 0 ? rc : otlp_load_init(loader, columns, err);
}

static int decode_message(struct view bytes, struct profile *into, struct err *err)
{
	struct otlp_loader *loader = malloc(sizeof(*loader));
	struct otlp_columns columns;
	int rc;

	if (!loader)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = open_message(bytes, &columns, loader, err);
	if (rc == 0)
		rc = load_all(loader, into);
	otlp_load_fini(loader);
	otlp_scan_fini(&columns);
	free(loader);
	return rc;
}

/* ---- one by one ---- */

/* The common labels as texts. */
static bool part_labels(struct otlp_loader *l, struct part_label *ret)
{
	for (size_t i = 0; i < l->n_common; i++) {
		const struct otlp_label *from = &l->common[i];
		char number[NUMBER_MAX];

		ret[i] = (struct part_label){ from->name, from->text };
		if (!from->is_number)
			continue;
		snprintf(number, sizeof(number), "%" PRId64, from->number);
		ret[i].value =
			(struct view){ arena_copy(&l->texts, view_of(number)), strlen(number) };
		if (!ret[i].value.at)
			return false;
	}
	return true;
}

static int hand_out(struct otlp_loader *l, const struct otlp_profile *p,
	const struct parts_sink *sink, struct profile *profile)
{
	struct part_label labels[sizeof(l->common) / sizeof(l->common[0])];
	struct part part = { .labels = labels, .n_labels = l->n_common };

	if (!part_labels(l, labels)) {
		profile_free(profile);
		return err_set(l->err, ERR_NOMEM, "out of memory");
	}
	if (p->id.len == PROFILE_ID_LEN) {
		memcpy(part.id, p->id.at, PROFILE_ID_LEN);
		for (size_t i = 0; i < PROFILE_ID_LEN; i++)
			part.has_id |= part.id[i] != 0;
	}
	return sink->take(sink->owner, &part, profile, l->err);
}

static int load_part(
	struct otlp_loader *l, const struct otlp_profile *p, const struct parts_sink *sink)
{
	struct profile *profile = profile_new();
	size_t type;
	int rc;

	if (!profile)
		return err_set(l->err, ERR_NOMEM, "out of memory");
	otlp_load_begin(l, profile);
	rc = type_of(l, p, &type);
	if (rc == 0)
		rc = otlp_load_header(l, p);
	if (rc == 0)
		rc = otlp_samples_load(l, p, type, false);
	if (rc == 0)
		return hand_out(l, p, sink, profile);
	profile_free(profile);
	return rc;
}

static int parts_of_message(struct view bytes, const struct parts_sink *sink, struct err *err)
{
	struct otlp_loader *loader = malloc(sizeof(*loader));
	struct otlp_columns columns;
	int rc;

	if (!loader)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = open_message(bytes, &columns, loader, err);
	for (size_t i = 0; rc == 0 && i < columns.n_profiles; i++)
		if (columns.profiles[i].n_samples) {
			rc = load_part(loader, &columns.profiles[i], sink);
			if (rc < 0)
				err_where(err, "profile %zu", i + 1);
		}
	otlp_load_fini(loader);
	otlp_scan_fini(&columns);
	free(loader);
	return rc;
}

/* ---- either notation ---- */

static bool is_json(struct view bytes)
{
	size_t at = view_starts(bytes, VIEW("\xef\xbb\xbf")) ? 3 : 0;

	while (at < bytes.len && (bytes.at[at] == ' ' || bytes.at[at] == '\n' ||
					 bytes.at[at] == '\r' || bytes.at[at] == '\t'))
		at++;
	return at < bytes.len && bytes.at[at] == '{'; /* which no protobuf message begins with */
}

int otlp_decode(struct view bytes, struct profile *into, struct err *err)
{
	BUF_AUTO message = { 0 };
	int rc = 0;

	assert(into->n_types == 0);
	if (is_json(bytes)) {
		rc = otlp_json_read(bytes, &message, err);
		bytes = buf_view(&message);
	}
	return rc < 0 ? rc : decode_message(bytes, into, err);
}

int otlp_decode_parts(struct view bytes, const struct parts_sink *sink, struct err *err)
{
	BUF_AUTO message = { 0 };
	int rc = 0;

	if (is_json(bytes)) {
		rc = otlp_json_read(bytes, &message, err);
		bytes = buf_view(&message);
	}
	return rc < 0 ? rc : parts_of_message(bytes, sink, err);
}
