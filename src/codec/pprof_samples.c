/*
 * pprof_samples: the samples of a pprof message, where nearly all of its bytes are.
 *
 * A stack comes leaf first as packed varints. It is read backwards, root first, because that is
 * the order in which the shared tree grows, and because neighbours in a file share their callers:
 * the bytes that equal the previous stack's, counted from the end, are not even decoded.
 */
#include <stdlib.h>

#include "base/hash.h"
#include "base/vec.h"
#include "codec/pprof_decoder.h"

#define LABEL_MEMOS 256
#define BYTES_A_NODE 12 /* of samples to a new node of the tree: real profiles have 12 to 40 */
#define VARINT_MAX 10

/* Label sets repeat, byte for byte: most need no second look. */
struct label_memo {
	struct view bytes; /* in the file; at is NULL if free */
	uint32_t set;
};

struct sampler {
	struct pprof_decoder *d;
	struct view last; /* the previous stack as it is in the file */
	uint32_t *nodes;  /* owned; nodes[n]: what the last n bytes of it stand for */
	/* All owned, one element a frame; those of a stack that the previous one does not share. */
	uint32_t *frames, *ends, *stacks;
	size_t n_frames, cap_nodes, cap_frames, cap_ends, cap_stacks;
	struct buf repacked;  /* a stack that was not one packed field, as if it were */
	struct label *labels; /* owned; of the sample being read */
	size_t n_labels, cap_labels;
	struct label_memo memos[LABEL_MEMOS];
};

/* One sample as it lies in the file. */
struct raw_sample {
	struct view stack;  /* packed ids, leaf first */
	struct view labels; /* from the first label field to behind the last */
	int64_t values[PROFILE_TYPES_MAX];
	size_t n_values;
	bool is_repacked;
};

/* How many bytes at the ends of both are equal. */
static size_t common_end(struct view a, struct view b)
{
	const char *a_end = view_end(a), *b_end = view_end(b);
	size_t max = a.len < b.len ? a.len : b.len, n = 0;

	for (; n + 8 <= max; n += 8) {
		uint64_t x, y;

		memcpy(&x, a_end - n - 8, 8);
		memcpy(&y, b_end - n - 8, 8);
		if (x != y)
			return n + (size_t)__builtin_clzll(x ^ y) / 8;
	}
	while (n < max && a_end[-(ptrdiff_t)n - 1] == b_end[-(ptrdiff_t)n - 1])
		n++;
	return n;
}

/* Whether a number begins `n` bytes before the end. */
static bool begins(struct view packed, size_t n)
{
	return n == packed.len || (uint8_t)view_end(packed)[-(ptrdiff_t)n - 1] < 0x80;
}

/* The bytes that both stacks end in and that are whole numbers in both. */
static size_t shared_end(struct view a, struct view b)
{
	size_t n = common_end(a, b);

	if (!begins(a, n) || !begins(b, n)) {
		do
			n--;
		while (n && !begins(a, n));
	}
	return n;
}

static int frame_error(
	const struct sampler *s, const struct raw_sample *raw, const uint8_t *at, uint64_t id)
{
	/* Repacked bytes have no place in the file: the sample's has to do. */
	const void *where = raw->is_repacked ? (const void *)s->d->bytes.at : at;

	return pprof_decoder_fail(s->d, ERR_CORRUPT, where,
		"a sample at location %llu, which is nowhere", (unsigned long long)id);
}

static bool too_deep(struct view packed)
{
	size_t frames = 0;

	if (packed.len <= PPROF_DEPTH_MAX)
		return false;
	for (size_t i = 0; i < packed.len; i++)
		frames += (uint8_t)packed.at[i] < 0x80;
	return frames > PPROF_DEPTH_MAX || packed.len / VARINT_MAX > frames;
}

/* Everything about a stack that can be wrong but unknown ids. */
static int check_stack(struct sampler *s, struct view stack)
{
	if (stack.len && (uint8_t)stack.at[stack.len - 1] >= 0x80)
		return pprof_decoder_fail(
			s->d, ERR_CORRUPT, view_end(stack) - 1, "a number is cut off");
	if (too_deep(stack))
		return pprof_decoder_fail(s->d, ERR_LIMIT, stack.at,
			"a stack of more than %zu frames", PPROF_DEPTH_MAX);
	if (!VEC_FITS(s->nodes, s->cap_nodes, stack.len + 1) ||
		!VEC_FITS(s->frames, s->cap_frames, stack.len) ||
		!VEC_FITS(s->ends, s->cap_ends, stack.len) ||
		!VEC_FITS(s->stacks, s->cap_stacks, stack.len))
		return err_set(s->d->err, ERR_NOMEM, "out of memory");
	return 0;
}

/* The frames before the last `shared` bytes, root first; ends[i] is how many bytes from the end
 * the i-th one begins. */
static int decode_frames(struct sampler *s, const struct raw_sample *raw, size_t shared)
{
	const uint8_t *begin = (const uint8_t *)raw->stack.at, *end = begin + raw->stack.len;
	const uint8_t *at = end - shared;
	size_t n = 0;

	while (at > begin) {
		uint64_t id = *--at;
		uint32_t location;

		while (at > begin && at[-1] >= 0x80)
			id = id << 7 | (*--at & 0x7f);
		location = pprof_ids_find(&s->d->locations, id);
		if (location == PPROF_IDS_NONE)
			return frame_error(s, raw, at, id);
		s->frames[n] = location;
		s->ends[n++] = (uint32_t)(end - at);
	}
	s->n_frames = n;
	return 0;
}

static int decode_stack(struct sampler *s, const struct raw_sample *raw, uint32_t *ret_stack)
{
	size_t shared = shared_end(raw->stack, s->last);
	int rc = check_stack(s, raw->stack);

	if (rc < 0)
		return rc;
	*ret_stack = STACK_EMPTY;
	s->last = raw->stack;
	if (raw->stack.len == 0)
		return 0;
	s->nodes[0] = STACK_EMPTY;
	rc = decode_frames(s, raw, shared);
	if (rc < 0)
		return rc;
	*ret_stack = s->nodes[shared];
	if (s->n_frames) {
		if (!stacks_push_all(
			    &s->d->into->stacks, *ret_stack, s->frames, s->n_frames, s->stacks))
			return err_set(s->d->err, ERR_NOMEM, "out of memory");
		*ret_stack = s->stacks[s->n_frames - 1];
	}
	for (size_t i = 0; i < s->n_frames; i++)
		s->nodes[s->ends[i]] = s->stacks[i];
	return 0;
}

static int decode_label_field(
	struct sampler *s, const struct proto_field *f, const uint8_t *at, struct label *label)
{
	int rc;

	if (f->id < PPROF_LABEL_KEY || f->id > PPROF_LABEL_UNIT)
		return 0;
	rc = pprof_decoder_wire(s->d, f, PROTO_VARINT, at);
	if (rc < 0)
		return rc;
	switch ((enum pprof_label)f->id) {
	case PPROF_LABEL_KEY:
		return pprof_decoder_string(s->d, f->number, at, &label->key);
	case PPROF_LABEL_STR:
		return pprof_decoder_string(s->d, f->number, at, &label->str);
	case PPROF_LABEL_NUM:
		label->num = (int64_t)f->number;
		return 0;
	case PPROF_LABEL_UNIT:
		return pprof_decoder_string(s->d, f->number, at, &label->unit);
	}
	return 0;
}

static int decode_label(struct sampler *s, struct view bytes)
{
	struct proto in = proto_of(bytes);
	const uint8_t *at = in.at;
	struct label label = { 0 };
	struct proto_field field;
	struct label *added;
	int rc = 0;

	for (; rc == 0 && proto_next(&in, &field); at = in.at)
		rc = decode_label_field(s, &field, at, &label);
	if (rc == 0)
		rc = pprof_decoder_end(s->d, &in);
	if (rc < 0)
		return rc;
	if (s->n_labels == PPROF_LABELS_MAX)
		return pprof_decoder_fail(s->d, ERR_LIMIT, bytes.at,
			"a sample with more than %zu labels", PPROF_LABELS_MAX);
	/* A label is a text or a number, never both; readers take the text. */
	if (label.str)
		label.num = label.unit = 0;
	added = VEC_ADD(s->labels, s->n_labels, s->cap_labels);
	if (!added)
		return err_set(s->d->err, ERR_NOMEM, "out of memory");
	*added = label;
	return 0;
}

static int decode_labels(struct sampler *s, struct view bytes, uint32_t *ret_set)
{
	struct label_memo *memo = &s->memos[hash_view(bytes) % LABEL_MEMOS];
	struct proto in = proto_of(bytes);
	struct proto_field field;
	int rc = 0;

	if (memo->bytes.at && view_equal(memo->bytes, bytes)) {
		*ret_set = memo->set;
		return 0;
	}
	s->n_labels = 0;
	while (rc == 0 && proto_next(&in, &field))
		if (field.id == PPROF_SAMPLE_LABEL)
			rc = decode_label(s, field.bytes);
	if (rc < 0)
		return rc;
	*ret_set = profile_labels(s->d->into, s->labels, s->n_labels);
	*memo = (struct label_memo){ .bytes = bytes, .set = *ret_set };
	return 0;
}

static int add_value(struct sampler *s, struct raw_sample *raw, uint64_t value, const uint8_t *at)
{
	if (raw->n_values == s->d->into->n_types)
		return pprof_decoder_fail(s->d, ERR_CORRUPT, at,
			"a sample with more values than the %zu sample types", s->d->into->n_types);
	raw->values[raw->n_values++] = (int64_t)value;
	return 0;
}

static int read_values(struct sampler *s, struct raw_sample *raw, const struct proto_field *field,
	const uint8_t *at)
{
	struct proto in = proto_of(field->bytes);
	uint64_t value;
	int rc = 0;

	if (field->wire == PROTO_VARINT)
		return add_value(s, raw, field->number, at);
	rc = pprof_decoder_wire(s->d, field, PROTO_BYTES, at);
	while (rc == 0 && in.at < in.end && proto_varint(&in, &value))
		rc = add_value(s, raw, value, at);
	return rc < 0 ? rc : pprof_decoder_end(s->d, &in);
}

/* One packed field is used where it lies; anything else is gathered as if it had been one. */
static int read_stack(struct sampler *s, struct raw_sample *raw, const struct proto_field *field,
	const uint8_t *at)
{
	if (field->wire == PROTO_BYTES && !raw->stack.len && !raw->is_repacked) {
		raw->stack = field->bytes;
		return 0;
	}
	if (field->wire != PROTO_VARINT && field->wire != PROTO_BYTES)
		return pprof_decoder_wire(s->d, field, PROTO_BYTES, at);
	if (!raw->is_repacked) {
		/* The previous stack may lie in the same buffer. */
		s->last = (struct view){ 0 };
		buf_clear(&s->repacked);
		buf_add_view(&s->repacked, raw->stack);
		raw->is_repacked = true;
	}
	if (field->wire == PROTO_VARINT)
		proto_put_varint(&s->repacked, field->number);
	else
		buf_add_view(&s->repacked, field->bytes);
	raw->stack = buf_view(&s->repacked);
	return s->repacked.failed ? err_set(s->d->err, ERR_NOMEM, "out of memory") : 0;
}

static int read_sample(struct sampler *s, struct view bytes, struct raw_sample *ret)
{
	struct proto in = proto_of(bytes);
	const uint8_t *at = in.at;
	struct proto_field field;
	int rc = 0;

	ret->n_values = 0;
	for (; rc == 0 && proto_next(&in, &field); at = in.at) {
		if (field.id == PPROF_SAMPLE_LOCATION) {
			rc = read_stack(s, ret, &field, at);
		} else if (field.id == PPROF_SAMPLE_VALUE) {
			rc = read_values(s, ret, &field, at);
		} else if (field.id == PPROF_SAMPLE_LABEL) {
			rc = pprof_decoder_wire(s->d, &field, PROTO_BYTES, at);
			if (!ret->labels.at)
				ret->labels.at = (const char *)at;
			ret->labels.len = (size_t)((const char *)in.at - ret->labels.at);
		}
	}
	return rc < 0 ? rc : pprof_decoder_end(s->d, &in);
}

static int decode_sample(struct sampler *s, struct view bytes)
{
	struct raw_sample raw;
	uint32_t stack, labels = 0;
	int rc;

	raw.stack = raw.labels = (struct view){ 0 };
	raw.is_repacked = false;
	rc = read_sample(s, bytes, &raw);
	if (rc < 0)
		return rc;
	if (raw.n_values != s->d->into->n_types)
		return pprof_decoder_fail(s->d, ERR_CORRUPT, bytes.at,
			"a sample with %zu values for %zu sample types", raw.n_values,
			s->d->into->n_types);
	rc = decode_stack(s, &raw, &stack);
	if (rc == 0 && raw.labels.len)
		rc = decode_labels(s, raw.labels, &labels);
	if (rc == 0)
		profile_add(s->d->into, stack, labels, raw.values);
	return rc;
}

int pprof_samples_decode(struct pprof_decoder *d)
{
	const struct pprof_part *part = &d->parts[PPROF_SAMPLE];
	struct proto in = { .at = part->from, .end = part->to };
	struct sampler s = { .d = d };
	struct proto_field field;
	int rc = 0;

	if (part->count && d->into->n_types == 0)
		return pprof_decoder_fail(d, ERR_CORRUPT, part->from, "samples without a type");
	profile_reserve(d->into, part->count, (size_t)(part->to - part->from) / BYTES_A_NODE);
	while (rc == 0 && proto_next(&in, &field))
		if (field.id == PPROF_SAMPLE)
			rc = decode_sample(&s, field.bytes);
	buf_fini(&s.repacked);
	free(s.nodes);
	free(s.frames);
	free(s.ends);
	free(s.stacks);
	free(s.labels);
	return rc;
}
