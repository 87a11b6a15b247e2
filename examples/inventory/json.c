/* json: answers, made anew for every request. */
#include "inventory.h"

#include <stdio.h>

static void add_field(struct text *json, const char *name, const char *value)
{
	text_add(json, "\"");
	text_add(json, name);
	text_add(json, "\":\"");
	text_add(json, value);
	text_add(json, "\",");
}

static void add_number(struct text *json, const char *name, unsigned value)
{
	char digits[16];

	snprintf(digits, sizeof(digits), "%u", value);
	text_add(json, "\"");
	text_add(json, name);
	text_add(json, "\":");
	text_add(json, digits);
	text_add(json, ",");
}

static void add_links(struct text *json, const struct item *item)
{
	char path[48];

	text_add(json, "\"links\":{");
	snprintf(path, sizeof(path), "/items/%u", item->id);
	add_field(json, "self", path);
	snprintf(path, sizeof(path), "/items/%u/orders", item->id);
	add_field(json, "orders", path);
	text_add(json, "\"catalogue\":\"/items\"},");
}

static void add_item(struct text *json, const struct item *item)
{
	text_add(json, "{");
	add_number(json, "id", item->id);
	add_links(json, item);
	add_field(json, "name", item->name);
	add_field(json, "warehouse", item->warehouse);
	add_number(json, "inStock", item->in_stock);
	add_number(json, "priceCents", item->price_cents);
	add_number(json, "weightGrams", item->weight_grams);
	add_number(json, "widthMm", item->width_mm);
	add_number(json, "heightMm", item->height_mm);
	add_number(json, "depthMm", item->depth_mm);
	text_add(json, "\"currency\":\"EUR\"}");
}

char *serialize_item(const struct item *item)
{
	struct text json = { 0 };

	add_item(&json, item);
	return json.at;
}

char *serialize_response(const char *query, const struct item *const *found, size_t count)
{
	struct text json = { 0 };

	text_add(&json, "{");
	add_field(&json, "query", query);
	add_number(&json, "count", (unsigned)count);
	text_add(&json, "\"items\":[");
	for (size_t i = 0; i < count; i++) {
		if (i)
			text_add(&json, ",");
		add_item(&json, found[i]);
	}
	text_add(&json, "]}");
	return json.at;
}

char *serialize_stock(const struct item *items, const struct stock *stock, size_t count)
{
	struct text json = { 0 };

	text_add(&json, "{\"items\":[");
	for (size_t i = 0; i < count; i++) {
		text_add(&json, i ? ",{" : "{");
		add_number(&json, "id", items[i].id);
		add_number(&json, "inStockAlike", stock[i].alike);
		add_number(&json, "inStockInColour", stock[i].in_colour);
		add_number(&json, "inStock", stock[i].same);
		text_add(&json, "\"unit\":\"pieces\"}");
	}
	text_add(&json, "]}");
	return json.at;
}
