/* callnames: three formats of Pyroscope's that have only names of frames. */
#include "ingest/callnames.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/vec.h"
#include "model/profile.h"
#include "wire/proto.h"

#define WORK_A_BYTE 64 /* names hashed again for each byte of input: more is no call tree */

struct level {            /* a node whose children are being read */
	uint32_t stack;   /* of its complete frames */
	size_t open, end; /* trie: in reader.path, the frame that is not complete */
	uint64_t left;    /* children to come */
};

struct reader {
	struct proto in;
	const uint8_t *begin;
	struct profile *into;
	struct err *err;
	struct level *levels; /* owned */
	size_t n_levels, cap_levels;
	struct buf path; /* trie: the bytes from the root to here */
	uint64_t work, work_max;
};

struct node {
	struct view name;
	uint64_t self, children;
};

static int corrupt(struct reader *r, const char *what)
{
	return err_set(r->err, ERR_CORRUPT, "%s at byte %zu", what, (size_t)(r->in.at - r->begin));
}

static int read_node(struct reader *r, struct node *ret)
{
	uint64_t len;

	if (!proto_varint(&r->in, &len) || len > (size_t)(r->in.end - r->in.at))
		return corrupt(r, "a node's name runs past the end");
	ret->name = (struct view){ (const char *)r->in.at, (size_t)len };
	r->in.at += len;
	if (!proto_varint(&r->in, &ret->self) || !proto_varint(&r->in, &ret->children))
		return corrupt(r, "a node ends early");
	if (ret->self > INT64_MAX)
		return corrupt(r, "a value is larger than 2^63");
	if (ret->children > (size_t)(r->in.end - r->in.at) / 3)
		return corrupt(r, "a node has more children than there are bytes");
	return 0;
}

static uint32_t push_frame(struct profile *into, uint32_t stack, struct view name)
{
	return name.len ? profile_push(into, stack, profile_named(into, name)) : stack;
}

static void add(struct profile *into, uint32_t stack, uint64_t value)
{
	if (value && stack != STACK_EMPTY)
		profile_add(into, stack, 0, &(int64_t){ (int64_t)value });
}

static int open_level(struct reader *r, struct level level)
{
	struct level *added;

	if (!level.left)
		return 0;
	if (r->n_levels == CALLNAMES_DEPTH_MAX)
		return err_set(
			r->err, ERR_LIMIT, "nodes are more than %zu deep", CALLNAMES_DEPTH_MAX);
	added = VEC_ADD(r->levels, r->n_levels, r->cap_levels);
	if (!added)
		return err_set(r->err, ERR_NOMEM, "out of memory");
	*added = level;
	return 0;
}

static int take_tree(struct reader *r, const struct level *parent, const struct node *node)
{
	uint32_t stack;

	if (node->name.len > CALLNAMES_NAME_MAX)
		return err_set(r->err, ERR_LIMIT, "a frame's name has %zu bytes; the limit is %zu",
			node->name.len, CALLNAMES_NAME_MAX);
	stack = push_frame(r->into, parent->stack, node->name);
	add(r->into, stack, node->self);
	return open_level(r, (struct level){ .stack = stack, .left = node->children });
}

/* The node's bytes go behind the parent's; each ";" completes a frame. */
static int take_trie(struct reader *r, const struct level *parent, const struct node *node)
{
	struct level mine = {
		.stack = parent->stack, .open = parent->open, .left = node->children
	};
	struct buf *path = &r->path;

	path->len = parent->end;
	for (size_t i = 0; i < node->name.len; i++) {
		buf_add_char(path, node->name.at[i]);
		if (path->failed || path->len - mine.open > CALLNAMES_NAME_MAX + 1)
			break;
		if (node->name.at[i] != ';')
			continue;
		mine.stack = push_frame(r->into, mine.stack,
			(struct view){ path->at + mine.open, path->len - 1 - mine.open });
		mine.open = path->len;
	}
	mine.end = path->len;
	r->work += mine.end - mine.open;
	if (path->failed || mine.end - mine.open > CALLNAMES_NAME_MAX || r->work > r->work_max)
		return err_set(r->err, ERR_LIMIT,
			"names are longer than %zu bytes, or long in too many places",
			CALLNAMES_NAME_MAX);
	if (node->self)
		add(r->into,
			push_frame(r->into, mine.stack,
				(struct view){ path->at + mine.open, mine.end - mine.open }),
			node->self);
	return open_level(r, mine);
}

typedef int take_node(struct reader *r, const struct level *parent, const struct node *node);

static int read_nodes(struct reader *r, take_node *take)
{
	struct level parent = { .left = 1 };
	struct node node;
	int rc = read_node(r, &node);

	if (rc == 0)
		rc = take(r, &parent, &node);
	while (rc == 0 && r->n_levels && !r->into->failed) {
		struct level *last = &r->levels[r->n_levels - 1];

		if (r->into->stacks.count > CALLNAMES_FRAMES_MAX)
			return err_set(r->err, ERR_LIMIT, "more than %zu frames in a call tree",
				CALLNAMES_FRAMES_MAX);
		if (last->left == 0) {
			r->n_levels--;
			continue;
		}
		last->left--;
		parent = *last;
		rc = read_node(r, &node);
		if (rc == 0)
			rc = take(r, &parent, &node);
	}
	return rc;
}

static int add_type(struct profile *into, struct err *err)
{
	return profile_add_type(into, VIEW("samples"), VIEW("count"), err);
}

static int decode(struct view bytes, struct profile *into, take_node *take, struct err *err)
{
	struct reader r = { .in = proto_of(bytes),
		.begin = (const uint8_t *)bytes.at,
		.into = into,
		.err = err,
		.work_max = (bytes.len + 1024) * WORK_A_BYTE };
	int rc = add_type(into, err);

	if (rc == 0)
		rc = read_nodes(&r, take);
	if (rc == 0 && r.in.at != r.in.end)
		rc = corrupt(&r, "bytes behind the last node");
	if (rc == 0 && into->failed)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	free(r.levels);
	buf_fini(&r.path);
	return rc;
}

int callnames_tree(struct view bytes, struct profile *into, struct err *err)
{
	return decode(bytes, into, take_tree, err);
}

int callnames_trie(struct view bytes, struct profile *into, struct err *err)
{
	return decode(bytes, into, take_trie, err);
}

static int add_line(struct view line, struct profile *into, struct err *err)
{
	uint32_t stack = STACK_EMPTY;
	size_t depth = 0;

	while (line.len) {
		bool more;
		struct view name = view_take(&line, ';', &more);

		if (++depth > CALLNAMES_DEPTH_MAX || name.len > CALLNAMES_NAME_MAX)
			return err_set(err, ERR_LIMIT,
				"a stack of more than %zu frames, or a name of more than %zu bytes",
				CALLNAMES_DEPTH_MAX, CALLNAMES_NAME_MAX);
		stack = push_frame(into, stack, name);
	}
	add(into, stack, 1);
	return 0;
}

int callnames_lines(struct view text, struct profile *into, struct err *err)
{
	int rc = add_type(into, err);
	bool more = true;

	while (rc == 0 && more && !into->failed) {
		struct view line = view_take(&text, '\n', &more);

		if (line.len && line.at[line.len - 1] == '\r')
			line.len--;
		rc = add_line(line, into, err);
	}
	if (rc == 0 && into->failed)
		return err_set(err, ERR_NOMEM, "out of memory");
	return rc;
}
