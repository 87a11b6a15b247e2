/* otlp_samples: the samples of an OTLP profile, with their labels. */
#include <inttypes.h>
#include <stdio.h>

#include "base/hash.h"
#include "base/vec.h"
#include "codec/otlp_load.h"
#include "codec/pprof_format.h"

#define MADE_SAMPLE 32
#define MADE_LABEL 48
#define HEX_MAX 33

struct sample_message {
	const void *at;
	uint64_t stack, link;
	struct view attributes; /* packed */
	size_t n_values, n_timestamps;
	int64_t value; /* the sum */
};

static int64_t add_saturated(int64_t a, int64_t b)
{
	int64_t sum;

	if (__builtin_add_overflow(a, b, &sum))
		return a < 0 ? INT64_MIN : INT64_MAX;
	return sum;
}

static int read_values(
	const struct otlp_columns *c, const struct proto_field *f, struct sample_message *s)
{
	struct proto in = proto_of(f->bytes);
	uint64_t number;

	if (f->wire == PROTO_VARINT) {
		s->value = add_saturated(s->value, (int64_t)f->number);
		s->n_values++;
		return 0;
	}
	while (in.at < in.end && proto_varint(&in, &number)) {
		s->value = add_saturated(s->value, (int64_t)number);
		s->n_values++;
	}
	return otlp_scan_end(c, &in);
}

static int read_sample(const struct otlp_columns *c, struct view message, struct sample_message *s)
{
	static const uint8_t fields[2][OTLP_SAMPLE_TIMESTAMPS + 1] = {
		{ 0, OTLP_SAMPLE_STACK, OTLP_SAMPLE_ATTRIBUTES, OTLP_SAMPLE_LINK,
			OTLP_SAMPLE_VALUES, OTLP_SAMPLE_TIMESTAMPS },
		{ 0, OTLP_SAMPLE_STACK, [OTLP_OLD_SAMPLE_VALUES] = OTLP_SAMPLE_VALUES,
			[OTLP_OLD_SAMPLE_ATTRIBUTES] = OTLP_SAMPLE_ATTRIBUTES,
			[OTLP_OLD_SAMPLE_LINK] = OTLP_SAMPLE_LINK, OTLP_SAMPLE_TIMESTAMPS },
	};
	struct proto in = proto_of(message);
	struct proto_field f;
	int rc = 0;

	*s = (struct sample_message){ .at = message.at };
	while (rc == 0 && proto_next(&in, &f)) {
		bool packed = f.wire == PROTO_BYTES;

		switch (f.id <= OTLP_SAMPLE_TIMESTAMPS ? fields[c->is_old][f.id] : 0) {
		case OTLP_SAMPLE_STACK:
			rc = otlp_scan_wire(c, &f, PROTO_VARINT);
			s->stack = f.number;
			break;
		case OTLP_SAMPLE_LINK:
			rc = otlp_scan_wire(c, &f, PROTO_VARINT);
			s->link = f.number;
			break;
		case OTLP_SAMPLE_ATTRIBUTES:
			if (s->attributes.len || !packed)
				return otlp_scan_fail(c, ERR_UNSUPPORTED, message.at,
					"attributes of a sample that are not in one packed list");
			s->attributes = f.bytes;
			break;
		case OTLP_SAMPLE_VALUES:
			rc = read_values(c, &f, s);
			break;
		case OTLP_SAMPLE_TIMESTAMPS:
			s->n_timestamps += packed ? f.bytes.len / sizeof(uint64_t) : 1;
			break;
		}
	}
	return rc < 0 ? rc : otlp_scan_end(c, &in);
}

/* Values are: one; one for each timestamp; or none, and each timestamp counts as 1. */
static int judge_values(const struct otlp_columns *c, struct sample_message *s)
{
	if (s->n_values == 0 && s->n_timestamps == 0)
		return otlp_scan_fail(c, ERR_CORRUPT, s->at,
			"a sample with neither values nor timestamps: nothing would be counted; "
			"its sender may speak a version of OTLP that differs from both that are "
			"read "
			"here (1.8 to 1.9, and since 1.10)");
	if (s->n_values > 1 && s->n_values != s->n_timestamps)
		return otlp_scan_fail(c, ERR_CORRUPT, s->at,
			"a sample with %zu values and %zu timestamps", s->n_values,
			s->n_timestamps);
	if (s->n_values == 0)
		s->value = (int64_t)s->n_timestamps;
	return 0;
}

static int load_stack(struct otlp_loader *l, const struct sample_message *s, uint32_t *ret)
{
	struct otlp_made *made = &l->stacks[s->stack];
	const struct otlp_run *run;

	*ret = STACK_EMPTY;
	if (s->stack == 0 && l->from->n_stacks == 0)
		return 0;
	if (made->round == l->round) {
		*ret = made->id;
		return 0;
	}
	run = &l->from->stacks[s->stack];
	if (otlp_load_spend(l, run->count * sizeof(struct stack_node)) < 0)
		return ERR_LIMIT;
	if (!VEC_FITS(l->path, l->cap_path, (size_t)run->count + 1))
		return otlp_scan_nomem(l->from);
	for (uint32_t i = 0; i < run->count; i++) {
		l->path[i] = otlp_places_location(l, l->from->indices[run->first + i]);
		if (l->path[i] == PROFILE_NONE)
			return l->left ? otlp_scan_nomem(l->from) : ERR_LIMIT;
	}
	for (uint32_t i = run->count; i > 0 && *ret != PROFILE_NONE; i--)
		*ret = profile_push(l->into, *ret, l->path[i - 1]);
	if (*ret == PROFILE_NONE)
		return otlp_scan_nomem(l->from);
	*made = (struct otlp_made){ l->round, *ret };
	return 0;
}

static struct label *add_label(struct otlp_loader *l, const struct otlp_label *from, size_t *n)
{
	struct label *label = VEC_ADD(l->labels, *n, l->cap_labels);

	if (!label) {
		l->into->failed = true;
		return NULL;
	}
	*label = (struct label){ .key = profile_string(l->into, from->name) };
	if (from->is_number) {
		label->num = from->number;
		label->unit = profile_string(l->into, from->unit);
	} else {
		label->str = profile_string(l->into, from->text);
	}
	return label;
}

static void add_hex(struct otlp_loader *l, const char *name, struct view id, size_t *n)
{
	char hex[HEX_MAX] = "";

	for (size_t i = 0; i < id.len && 2 * i + 2 < sizeof(hex); i++)
		snprintf(hex + 2 * i, sizeof(hex) - 2 * i, "%02x", (uint8_t)id.at[i]);
	if (id.len)
		add_label(
			l, &(struct otlp_label){ .name = view_of(name), .text = view_of(hex) }, n);
}

static int sample_attributes(struct otlp_loader *l, const struct sample_message *s, size_t *n)
{
	struct proto in = proto_of(s->attributes);
	struct otlp_label label;
	size_t count = 0;
	uint64_t index;

	while (in.at < in.end && proto_varint(&in, &index)) {
		if (index >= l->from->n_attributes)
			return otlp_scan_fail(l->from, ERR_CORRUPT, s->at,
				"attribute %" PRIu64 ", which is nowhere in the dictionary", index);
		if (count++ == OTLP_ATTRIBUTES_MAX)
			return otlp_scan_fail(l->from, ERR_LIMIT, s->at,
				"a sample of more than %zu attributes", OTLP_ATTRIBUTES_MAX);
		if (otlp_load_spend(l, MADE_LABEL + l->from->attributes[index].value.len) < 0)
			return ERR_LIMIT;
		if (otlp_label_read(l->from, &l->from->attributes[index], &l->texts, &label))
			add_label(l, &label, n);
	}
	return otlp_scan_end(l->from, &in);
}

/* What a sample says itself goes before what is said of all. */
static void add_common(struct otlp_loader *l, size_t *n)
{
	size_t own = *n;

	for (size_t i = 0; i < l->n_common; i++) {
		uint32_t key = profile_string(l->into, l->common[i].name);
		size_t k = 0;

		while (k < own && l->labels[k].key != key)
			k++;
		if (k == own)
			add_label(l, &l->common[i], n);
	}
}

static int load_labels(
	struct otlp_loader *l, const struct sample_message *s, bool with_common, uint32_t *ret)
{
	size_t n = 0;
	int rc = sample_attributes(l, s, &n);

	if (rc < 0)
		return rc;
	if (s->link && s->link >= l->from->n_links)
		return otlp_scan_fail(l->from, ERR_CORRUPT, s->at,
			"link %" PRIu64 ", which is nowhere in the dictionary", s->link);
	if (s->link) {
		add_hex(l, "trace_id", l->from->links[s->link].trace, &n);
		add_hex(l, "span_id", l->from->links[s->link].span, &n);
	}
	if (with_common)
		add_common(l, &n);
	if (l->into->failed)
		return otlp_scan_nomem(l->from);
	*ret = profile_labels(l->into, l->labels, n);
	return 0;
}

/* Most samples are labelled as one of the last few hundred was. */
static int find_labels(
	struct otlp_loader *l, const struct sample_message *s, bool with_common, uint32_t *ret)
{
	uint64_t hash = hash_keyed_pair(hash_keyed_view(s->attributes), s->link);
	struct otlp_set_memo *memo = &l->memos[hash % OTLP_LOAD_MEMOS];
	int rc;

	if (memo->round == l->round && memo->link == s->link &&
		view_equal(memo->attributes, s->attributes)) {
		*ret = memo->set;
		return 0;
	}
	rc = load_labels(l, s, with_common, ret);
	if (rc == 0)
		*memo = (struct otlp_set_memo){ l->round, *ret, s->attributes, s->link };
	return rc;
}

static int load_sample(struct otlp_loader *l, struct view message, size_t type, bool with_common)
{
	int64_t values[PROFILE_TYPES_MAX] = { 0 };
	uint32_t stack = 0, labels = 0;
	struct sample_message s;
	int rc = read_sample(l->from, message, &s);

	if (rc == 0)
		rc = judge_values(l->from, &s);
	if (rc == 0 && s.stack && s.stack >= l->from->n_stacks)
		rc = otlp_scan_fail(l->from, ERR_CORRUPT, message.at,
			"stack %" PRIu64 ", which is nowhere in the dictionary", s.stack);
	if (rc == 0)
		rc = otlp_load_spend(l, MADE_SAMPLE);
	if (rc == 0)
		rc = load_stack(l, &s, &stack);
	if (rc == 0)
		rc = find_labels(l, &s, with_common, &labels);
	if (rc < 0)
		return rc;
	values[type] = s.value;
	profile_add(l->into, stack, labels, values);
	return l->into->failed ? otlp_scan_nomem(l->from) : 0;
}

int otlp_samples_load(
	struct otlp_loader *l, const struct otlp_profile *p, size_t type, bool with_common)
{
	struct proto in = proto_of(p->message);
	struct proto_field f;
	int rc = 0;

	for (size_t i = 0; i < OTLP_LOAD_MEMOS; i++)
		l->memos[i].round = 0; /* the common labels are others */
	while (rc == 0 && proto_next(&in, &f))
		if (f.id == OTLP_PROFILE_SAMPLES)
			rc = load_sample(l, f.bytes, type, with_common);
	if (rc == 0 && (l->texts.failed || l->into->failed))
		rc = otlp_scan_nomem(l->from);
	if (rc == 0 && l->left == 0)
		rc = ERR_LIMIT;
	return rc;
}
