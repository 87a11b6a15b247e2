/* pprof_labels: the labels of the samples of a pprof message, as sets. */
#include "base/hash.h"
#include "base/vec.h"
#include "codec/pprof_scanner.h"

static int label_field(const struct pprof_scanner *s, const struct proto_field *f,
	const uint8_t *at, struct label *label)
{
	switch ((enum pprof_label)f->id) {
	case PPROF_LABEL_KEY:
		return pprof_scan_string(s, f->number, at, &label->key);
	case PPROF_LABEL_STR:
		return pprof_scan_string(s, f->number, at, &label->str);
	case PPROF_LABEL_NUM:
		label->num = (int64_t)f->number;
		return 0;
	case PPROF_LABEL_UNIT:
		return pprof_scan_string(s, f->number, at, &label->unit);
	}
	return 0;
}

static int scan_label(struct pprof_scanner *s, struct view bytes)
{
	struct pprof_columns *c = s->into;
	struct label *label = VEC_ADD(c->labels, c->n_labels, c->cap_labels);
	struct proto in = proto_of(bytes);
	const uint8_t *at = in.at;
	struct proto_field f;
	int rc = 0;

	if (!label)
		return pprof_scan_nomem(s);
	*label = (struct label){ 0 };
	for (; rc == 0 && proto_next(&in, &f); at = in.at) {
		if (f.id < PPROF_LABEL_KEY || f.id > PPROF_LABEL_UNIT)
			continue;
		rc = pprof_scan_wire(s, &f, PROTO_VARINT, at);
		if (rc == 0)
			rc = label_field(s, &f, at, label);
	}
	/* A label is a text or a number, never both; readers take the text. */
	if (label->str)
		label->num = label->unit = 0;
	return rc < 0 ? rc : pprof_scan_end(s, &in);
}

static int scan_set(struct pprof_scanner *s, struct view bytes, struct label_set *set)
{
	struct proto in = proto_of(bytes);
	struct proto_field field;
	int rc = 0;

	*set = (struct label_set){ .first = (uint32_t)s->into->n_labels };
	while (rc == 0 && pprof_scan_next(&in, PPROF_SAMPLE_LABEL, &field)) {
		if (set->count++ == PPROF_LABELS_MAX)
			return pprof_scan_fail(s, ERR_LIMIT, field.bytes.at,
				"a sample with more than %zu labels", PPROF_LABELS_MAX);
		rc = scan_label(s, field.bytes);
	}
	return rc;
}

int pprof_labels_scan(struct pprof_scanner *s, struct view bytes, uint32_t *ret_set)
{
	struct pprof_memo *memo = &s->memos[hash_view(bytes) % PPROF_MEMOS];
	struct pprof_columns *c = s->into;
	struct label_set *set;

	if (memo->bytes.at && view_equal(memo->bytes, bytes)) {
		*ret_set = memo->set;
		return 0;
	}
	set = VEC_ADD(c->label_sets, c->n_label_sets, c->cap_label_sets);
	if (!set)
		return pprof_scan_nomem(s);
	*ret_set = (uint32_t)c->n_label_sets - 1;
	*memo = (struct pprof_memo){ .bytes = bytes, .set = *ret_set };
	return scan_set(s, bytes, set);
}
