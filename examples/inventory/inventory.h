/*
 * inventory: what the parts of the example service share.
 *
 * A small HTTP service that knows what is in a warehouse, written as such services often are:
 * correct, readable, and slow in one place. `make run` finds the place.
 */
#ifndef INVENTORY_H
#define INVENTORY_H

#include <stdbool.h>
#include <stddef.h>

/* catalogue */
struct item {
	unsigned id;
	char name[48];
	const char *warehouse;
	unsigned in_stock;
	unsigned price_cents;
	unsigned weight_grams, width_mm, height_mm, depth_mm;
};

#define CATALOGUE_ITEMS 120

void catalogue_fill(void);
const struct item *catalogue_items(void);
const struct item *catalogue_find(unsigned id); /* NULL if there is none */

/* text: a string that grows */
struct text {
	char *at; /* owned; "" or NUL-terminated */
};

void text_add(struct text *text, const char *piece);
void text_free(struct text *text);

/* json */
char *serialize_response(const char *query, const struct item *const *found, size_t count);
char *serialize_item(const struct item *item);

/* handlers: the body of the answer, owned by the caller; NULL means 404 */
char *handle_search(const char *query);
char *handle_item(const char *id);
char *handle_health(void);

/* server: answers until SIGINT or SIGTERM; `port` 0 takes a free one */
int serve(unsigned port, unsigned threads);

/* load: asks like a busy afternoon until SIGINT or SIGTERM */
int make_load(unsigned port, unsigned connections);

#endif
