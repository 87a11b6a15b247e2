/*
 * inventory: what the parts of the example service share.
 *
 * A small HTTP service that knows what is in a warehouse, written as such services often are:
 * correct, readable, and slow in one place. `make run` finds the place.
 */
#ifndef INVENTORY_H
#define INVENTORY_H

#include <flyover/flyover.h>
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
const struct item *catalogue_find(unsigned id);       /* NULL if there is none */
const char *catalogue_thing(const struct item *item); /* its name without size and colour */

/* text: a string that grows */
struct text {
	char *at; /* owned; "" or NUL-terminated */
};

void text_add(struct text *text, const char *piece);
void text_free(struct text *text);

/* json */
char *serialize_response(const char *query, const struct item *const *found, size_t count);
char *serialize_item(const struct item *item);
struct stock {
	unsigned alike, in_colour, same; /* pieces */
};

char *serialize_stock(const struct item *items, const struct stock *stock, size_t count);

/* handlers: the body of the answer, owned by the caller; NULL means 404 */
char *handle_search(const char *query);
char *handle_item(const char *id);
char *handle_stock(void);
char *handle_health(void);

/* request: one that is being answered, by the calling thread */
struct request {
	struct fly_trace trace;
	unsigned mark; /* of the labels */
	double begin_ms;
};

void request_init(void);
struct request request_begin(const char *head, const char *handler);
void request_end(const struct request *request, const char *path); /* says so if it was slow */

/* server: answers until SIGINT or SIGTERM; `port` 0 takes a free one */
int serve(unsigned port, unsigned threads);

#endif
