/* conf: nodes into the struct that a table describes. */
#include "wire/conf.h"

#include <inttypes.h>
#include <stdio.h>

#include "wire/conf_tree.h"
#include "wire/conf_value.h"

struct reader {
	const struct conf_source *source;
	struct arena *arena;
	struct err *err;
};

static int read_struct(
	struct reader *r, const struct conf_struct *what, const struct conf_node *node, void *into);

__attribute__((format(printf, 3, 4))) static int wrong(
	struct reader *r, const struct conf_node *node, const char *format, ...)
{
	char text[ERR_TEXT_MAX / 2];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return err_set(r->err, ERR_CORRUPT, "%s:%u: %s", r->source->file, node->line, text);
}

static int no_memory(struct reader *r)
{
	return err_set(r->err, ERR_NOMEM, "%s: out of memory", r->source->file);
}

static const char *name_of(const struct conf_node *node)
{
	return node->key ? node->key : "the item";
}

static bool is_empty(const struct conf_node *node)
{
	return node->kind == CONF_NODE_SCALAR && !node->quoted && node->text[0] == '\0';
}

/* A node of the kind that is wanted, or one without a value, which is an empty list or map. */
static int want(struct reader *r, const struct conf_node *node, enum conf_node_kind kind)
{
	static const char *const KINDS[] = { "one value", "a list", "keys with values" };

	if (node->kind == kind || (kind != CONF_NODE_SCALAR && is_empty(node)))
		return 0;
	return wrong(r, node, "%s takes %s, not %s", name_of(node), KINDS[kind], KINDS[node->kind]);
}

static int read_flag(struct reader *r, const struct conf_node *node, bool *into)
{
	*into = strcmp(node->text, "true") == 0;
	if (!*into && strcmp(node->text, "false") != 0)
		return wrong(r, node, "%s is true or false, not '%s'", name_of(node), node->text);
	return 0;
}

static int read_choice(
	struct reader *r, const struct conf_field *field, const struct conf_node *node, int *into)
{
	BUF_AUTO list = { 0 };

	for (int i = 0; field->choices[i]; i++) {
		if (strcmp(node->text, field->choices[i]) == 0) {
			*into = i;
			return 0;
		}
		buf_add_format(&list, "%s%s", i ? ", " : "", field->choices[i]);
	}
	return wrong(r, node, "%s is one of %.*s, not '%s'", node->key, (int)list.len, list.at,
		node->text);
}

static void print_number(struct buf *out, enum conf_kind kind, int64_t number)
{
	if (kind == CONF_DURATION)
		conf_print_duration(out, number);
	else if (kind == CONF_SIZE)
		conf_print_size(out, (uint64_t)number);
	else
		buf_add_format(out, "%" PRId64, number);
}

static int out_of_range(
	struct reader *r, const struct conf_field *field, const struct conf_node *node)
{
	BUF_AUTO range = { 0 };

	print_number(&range, field->kind, field->min);
	buf_add_text(&range, " to ");
	print_number(&range, field->kind, field->max);
	return wrong(
		r, node, "%s is %.*s, not %s", name_of(node), (int)range.len, range.at, node->text);
}

static bool take_number(enum conf_kind kind, struct view text, int64_t *ret_number)
{
	uint64_t number;

	if (kind == CONF_DURATION)
		return conf_duration(text, ret_number);
	if (!(kind == CONF_SIZE ? conf_size(text, &number) : view_to_u64(text, &number)))
		return false;
	*ret_number = (int64_t)number;
	return number <= INT64_MAX;
}

static int read_number(struct reader *r, const struct conf_field *field,
	const struct conf_node *node, int64_t *into)
{
	const char *what = field->kind == CONF_DURATION ? "a time like 30s or 1h30m"
			   : field->kind == CONF_SIZE   ? "a size like 64MB"
							: "a whole number";

	if (!take_number(field->kind, view_of(node->text), into))
		return wrong(r, node, "%s is %s, not '%s'", name_of(node), what, node->text);
	if (field->max && (*into < field->min || *into > field->max))
		return out_of_range(r, field, node);
	return 0;
}

static int read_texts(struct reader *r, const struct conf_node *node, struct conf_texts *into)
{
	if (want(r, node, CONF_NODE_LIST))
		return ERR_CORRUPT;
	into->n = 0;
	into->at = arena_alloc(r->arena, node->n * sizeof(*into->at));
	if (node->n && !into->at)
		return no_memory(r);
	for (const struct conf_node *child = node->first; child; child = child->next) {
		if (want(r, child, CONF_NODE_SCALAR))
			return ERR_CORRUPT;
		into->at[into->n++] = child->text;
	}
	return 0;
}

static int read_pairs(struct reader *r, const struct conf_node *node, struct conf_pairs *into)
{
	if (want(r, node, CONF_NODE_MAP))
		return ERR_CORRUPT;
	into->n = 0;
	into->at = arena_alloc(r->arena, node->n * sizeof(*into->at));
	if (node->n && !into->at)
		return no_memory(r);
	for (const struct conf_node *child = node->first; child; child = child->next) {
		if (want(r, child, CONF_NODE_SCALAR))
			return ERR_CORRUPT;
		into->at[into->n++] = (struct conf_pair){ child->key, child->text };
	}
	return 0;
}

static int read_structs(struct reader *r, const struct conf_struct *what,
	const struct conf_node *node, struct conf_list *into)
{
	char *at;

	if (want(r, node, CONF_NODE_LIST))
		return ERR_CORRUPT;
	at = arena_alloc(r->arena, node->n * what->size);
	if (node->n && !at)
		return no_memory(r);
	*into = (struct conf_list){ at, 0 };
	for (const struct conf_node *child = node->first; child; child = child->next) {
		int code;

		if (what->defaults)
			memcpy(at, what->defaults, what->size);
		code = read_struct(r, what, child, at);
		if (code)
			return code;
		at += what->size;
		into->n++;
	}
	return 0;
}

static int read_scalar(
	struct reader *r, const struct conf_field *field, const struct conf_node *node, void *into)
{
	if (want(r, node, CONF_NODE_SCALAR))
		return ERR_CORRUPT;
	switch (field->kind) {
	case CONF_TEXT:
	case CONF_SECRET:
		*(const char **)into = node->text;
		return 0;
	case CONF_FLAG:
		return read_flag(r, node, into);
	case CONF_CHOICE:
		return read_choice(r, field, node, into);
	default:
		return read_number(r, field, node, into);
	}
}

static int read_field(
	struct reader *r, const struct conf_field *field, const struct conf_node *node, void *into)
{
	switch (field->kind) {
	case CONF_TEXTS:
		return read_texts(r, node, into);
	case CONF_PAIRS:
		return read_pairs(r, node, into);
	case CONF_STRUCT:
		return read_struct(r, field->of, node, into);
	case CONF_STRUCTS:
		return read_structs(r, field->of, node, into);
	default:
		return read_scalar(r, field, node, into);
	}
}

static const struct conf_field *find_field(const struct conf_struct *what, const char *name)
{
	for (size_t i = 0; i < what->n; i++)
		if (what->fields[i].name && strcmp(what->fields[i].name, name) == 0)
			return &what->fields[i];
	return NULL;
}

static int unknown(struct reader *r, const struct conf_struct *what, const struct conf_node *node)
{
	BUF_AUTO known = { 0 };

	for (size_t i = 0; i < what->n; i++)
		if (what->fields[i].name)
			buf_add_format(&known, "%s%s", known.len ? ", " : "", what->fields[i].name);
	return wrong(r, node, "there is no '%.64s' here; there are: %.*s", node->key,
		(int)known.len, known.at);
}

static bool has_key(const struct conf_node *node, const char *name)
{
	for (const struct conf_node *child = node->first; child; child = child->next)
		if (strcmp(child->key, name) == 0)
			return true;
	return false;
}

static int read_struct(
	struct reader *r, const struct conf_struct *what, const struct conf_node *node, void *into)
{
	if (want(r, node, CONF_NODE_MAP))
		return ERR_CORRUPT;
	for (const struct conf_node *child = node->first; child; child = child->next) {
		const struct conf_field *field = find_field(what, child->key);
		int code;

		if (!field)
			return unknown(r, what, child);
		code = read_field(r, field, child, (char *)into + field->offset);
		if (code)
			return code;
	}
	for (size_t i = 0; i < what->n; i++) {
		const struct conf_field *field = &what->fields[i];

		if (field->kind == CONF_LINE)
			memcpy((char *)into + field->offset, &node->line, sizeof(node->line));
		else if (field->required && !has_key(node, field->name))
			return wrong(r, node, "'%s' has to be given here", field->name);
	}
	return 0;
}

int conf_read(const struct conf_source *source, const struct conf_struct *what, void *into,
	struct arena *arena, struct err *err)
{
	struct reader r = { source, arena, err };
	struct conf_node empty = { .kind = CONF_NODE_MAP, .line = 1 }, *root;
	int code = conf_tree(source, arena, &root, err);

	return code ? code : read_struct(&r, what, root ? root : &empty, into);
}

int conf_read_list(const struct conf_source *source, const struct conf_struct *what,
	struct conf_list *into, struct arena *arena, struct err *err)
{
	struct reader r = { source, arena, err };
	struct conf_node *root;
	int code = conf_tree(source, arena, &root, err);

	*into = (struct conf_list){ 0 };
	return code || !root ? code : read_structs(&r, what, root, into);
}
