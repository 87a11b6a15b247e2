/* conf_tree: libyaml's events, made into nodes. */
#include "wire/conf_tree.h"

#include <yaml.h>

struct builder {
	const struct conf_source *source;
	struct arena *arena;
	struct err *err;
	yaml_parser_t parser;
	struct conf_node *open[CONF_DEPTH_MAX]; /* lists and maps that have not ended */
	unsigned depth;
	const char *key; /* in a map: the key whose value comes next */
	uint32_t key_line;
	struct conf_node *root;
	size_t n_nodes;
};

static int refuse(struct builder *b, int code, size_t line, const char *what)
{
	return err_set(b->err, code, "%s:%zu: %s", b->source->file, line, what);
}

static int syntax_error(struct builder *b)
{
	const yaml_parser_t *parser = &b->parser;

	if (parser->error == YAML_MEMORY_ERROR)
		return err_set(b->err, ERR_NOMEM, "%s: out of memory", b->source->file);
	return err_set(b->err, ERR_CORRUPT, "%s:%zu: %s%s%s", b->source->file,
		parser->problem_mark.line + 1, parser->problem ? parser->problem : "not YAML",
		parser->context ? ", " : "", parser->context ? parser->context : "");
}

/* Hangs a node under the one that is open. */
static int attach(struct builder *b, struct conf_node *node)
{
	struct conf_node *parent = b->depth ? b->open[b->depth - 1] : NULL;

	if (!parent) {
		b->root = node;
		return 0;
	}
	if (parent->kind == CONF_NODE_MAP) {
		node->key = b->key;
		node->line = b->key_line;
		b->key = NULL;
	}
	if (parent->last)
		parent->last->next = node;
	else
		parent->first = node;
	parent->last = node;
	parent->n++;
	return 0;
}

static int add(struct builder *b, const yaml_event_t *event, enum conf_node_kind kind)
{
	struct conf_node *node;
	size_t line = event->start_mark.line + 1;

	if (++b->n_nodes > CONF_NODES_MAX)
		return refuse(b, ERR_LIMIT, line, "more values than a configuration may have");
	node = arena_alloc(b->arena, sizeof(*node));
	if (!node)
		return err_set(b->err, ERR_NOMEM, "%s: out of memory", b->source->file);
	node->kind = kind;
	node->line = (uint32_t)line;
	if (kind == CONF_NODE_SCALAR) {
		node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
		node->text =
			arena_copy(b->arena, (struct view){ (const char *)event->data.scalar.value,
						     event->data.scalar.length });
		if (!node->text)
			return err_set(b->err, ERR_NOMEM, "%s: out of memory", b->source->file);
		return attach(b, node);
	}
	if (b->depth == CONF_DEPTH_MAX)
		return refuse(b, ERR_LIMIT, line, "nested deeper than a configuration may be");
	attach(b, node);
	b->open[b->depth++] = node;
	return 0;
}

static int take_key(struct builder *b, const yaml_event_t *event)
{
	size_t line = event->start_mark.line + 1;

	if (event->type != YAML_SCALAR_EVENT)
		return refuse(b, ERR_CORRUPT, line, "a key has to be a plain word");
	b->key = arena_copy(b->arena,
		(struct view){ (const char *)event->data.scalar.value, event->data.scalar.length });
	b->key_line = (uint32_t)line;
	if (!b->key)
		return err_set(b->err, ERR_NOMEM, "%s: out of memory", b->source->file);
	for (const struct conf_node *child = b->open[b->depth - 1]->first; child;
		child = child->next)
		if (strcmp(child->key, b->key) == 0)
			return err_set(b->err, ERR_CORRUPT,
				"%s:%zu: '%s' stands in line %u already", b->source->file, line,
				b->key, child->line);
	return 0;
}

static bool awaits_key(const struct builder *b)
{
	return b->depth && b->open[b->depth - 1]->kind == CONF_NODE_MAP && !b->key;
}

static bool has_nul(const yaml_event_t *event)
{
	return event->type == YAML_SCALAR_EVENT &&
	       memchr(event->data.scalar.value, '\0', event->data.scalar.length);
}

static int take(struct builder *b, const yaml_event_t *event)
{
	size_t line = event->start_mark.line + 1;

	if (has_nul(event))
		return refuse(b, ERR_CORRUPT, line, "a text with a NUL byte");
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		return b->root ? refuse(b, ERR_CORRUPT, line, "a second document") : 0;
	case YAML_ALIAS_EVENT:
		return refuse(b, ERR_CORRUPT, line, "aliases (*name) are not taken here");
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		b->depth--;
		return 0;
	case YAML_SCALAR_EVENT:
		return awaits_key(b) ? take_key(b, event) : add(b, event, CONF_NODE_SCALAR);
	case YAML_SEQUENCE_START_EVENT:
		return awaits_key(b) ? take_key(b, event) : add(b, event, CONF_NODE_LIST);
	case YAML_MAPPING_START_EVENT:
		return awaits_key(b) ? take_key(b, event) : add(b, event, CONF_NODE_MAP);
	default:
		return 0;
	}
}

static int build(struct builder *b)
{
	for (;;) {
		yaml_event_t event;
		bool ends;
		int code;

		if (!yaml_parser_parse(&b->parser, &event))
			return syntax_error(b);
		ends = event.type == YAML_STREAM_END_EVENT;
		code = take(b, &event);
		yaml_event_delete(&event);
		if (code || ends)
			return code;
	}
}

int conf_tree(const struct conf_source *source, struct arena *arena, struct conf_node **ret,
	struct err *err)
{
	struct builder b = { .source = source, .arena = arena, .err = err };
	int code;

	*ret = NULL;
	if (source->text.len > CONF_BYTES_MAX)
		return err_set(err, ERR_LIMIT,
			"%s: larger than the %zu MiB that a configuration may have", source->file,
			CONF_BYTES_MAX >> 20);
	if (!yaml_parser_initialize(&b.parser))
		return err_set(err, ERR_NOMEM, "%s: out of memory", source->file);
	yaml_parser_set_input_string(
		&b.parser, (const unsigned char *)source->text.at, source->text.len);
	yaml_parser_set_encoding(&b.parser, YAML_UTF8_ENCODING);
	code = build(&b);
	yaml_parser_delete(&b.parser);
	if (code == 0)
		*ret = b.root;
	return code;
}
