/*
 * listing_impl: what the files of listing share.
 */
#ifndef CLI_LISTING_IMPL_H
#define CLI_LISTING_IMPL_H

#include "cli/listing.h"
#include "wire/json_read.h"

#define LISTING_UNIT_MAX 64

/* A list that is being read, item by item. */
struct listing_items {
	void (*read)(struct json_read *r, struct listing_items *items);
	struct buf *out;
	struct view unit;
	char unit_text[LISTING_UNIT_MAX];
	size_t n;
};

/* Ready to read the value of a key of the outermost object; json_read_fini in any case. */
bool listing_find(struct json_read *r, struct view body, const char *wanted);

/* A number of the outermost object, 0 if it is not there; and the unit of its values. */
double listing_number(struct view body, const char *key);
void listing_read_unit(struct view body, struct listing_items *items);

/* Has each item of the list read. */
int listing_read(struct view body, const char *key, struct listing_items *items, struct err *err);

/* A number in ten columns, with its unit; a time; a word, inert, or a dash for none. */
void listing_add_value(struct listing_items *items, double number);
void listing_add_time(struct buf *out, double seconds);
void listing_add_word(struct buf *out, struct view text);

#endif
