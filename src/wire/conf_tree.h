/* conf_tree: a YAML text as nodes with their lines, within conf.h's limits. */
#ifndef WIRE_CONF_TREE_H
#define WIRE_CONF_TREE_H

#include "base/arena.h"
#include "base/err.h"
#include "wire/conf.h"

enum conf_node_kind { CONF_NODE_SCALAR, CONF_NODE_LIST, CONF_NODE_MAP };

struct conf_node {
	enum conf_node_kind kind;
	uint32_t line;           /* from 1 */
	bool quoted;             /* a scalar in quotes: "true" is a text then */
	const char *text;        /* of a scalar */
	const char *key;         /* of a child of a map */
	struct conf_node *first; /* child of a list or a map */
	struct conf_node *last;
	struct conf_node *next;
	size_t n;
};

/* *ret is NULL for a text without a document. ERR_CORRUPT with the line, ERR_LIMIT, ERR_NOMEM. */
int conf_tree(const struct conf_source *source, struct arena *arena, struct conf_node **ret,
	struct err *err);

#endif
