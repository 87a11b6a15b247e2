/*
 * otlp_attributes: the attribute, link and string tables of an OTLP message that is being written.
 */
#ifndef CODEC_OTLP_ATTRIBUTES_H
#define CODEC_OTLP_ATTRIBUTES_H

#include "base/buf.h"
#include "base/map.h"
#include "model/profile.h"

enum otlp_attribute_kind { OTLP_ATTRIBUTE_TEXT, OTLP_ATTRIBUTE_NUMBER, OTLP_ATTRIBUTE_TRUE };

struct otlp_attribute_entry { /* strings are numbers in the message's table */
	uint32_t key, unit;
	uint64_t value;
	enum otlp_attribute_kind kind;
};

/* The profile's strings keep their numbers; those that it lacks follow. */
struct otlp_attributes {
	const struct profile *from;
	struct strings extra;
	struct otlp_attribute_entry *entries; /* owned; entry 0 is none */
	size_t count, cap;
	struct intern set;
	struct map links; /* (trace string, span string) -> number */
	struct buf link_table;
	bool failed;
};

void otlp_attributes_init(struct otlp_attributes *a, const struct profile *from);
void otlp_attributes_fini(struct otlp_attributes *a);

/* The text's number in the message's string table. */
uint32_t otlp_attributes_string(struct otlp_attributes *a, struct view text);

/* The entry's number, an equal one's if there is one. */
uint32_t otlp_attributes_add(struct otlp_attributes *a, const struct otlp_attribute_entry *entry);

/* A link's number; 0 if the labels have no trace id in hex. A span id may be missing. */
uint32_t otlp_attributes_link(struct otlp_attributes *a, const struct label_set *set);

/* Whether the label is one of those that a link holds. */
bool otlp_attributes_is_link(const struct otlp_attributes *a, const struct label *label);

/* The tables, as fields of a dictionary. */
void otlp_attributes_write(const struct otlp_attributes *a, struct buf *out);

#endif
