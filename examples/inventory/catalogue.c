/* catalogue: what stands on the shelves of four warehouses. */
#include "inventory.h"

#include <stdio.h>
#include <string.h>

static struct item items[CATALOGUE_ITEMS];

static const char *const colours[] = { "red", "blue", "green", "black", "white", "silver" };
static const char *const sizes[] = { "small", "medium", "large", "huge", "folding" };
static const char *const things[] = { "ladder", "hammer", "kettle", "bicycle", "lantern",
	"suitcase", "umbrella", "toolbox", "compass", "hammock", "thermometer", "wheelbarrow",
	"sleeping bag", "garden hose", "pocket knife", "rain barrel", "desk lamp", "water bottle",
	"tennis racket", "camping stove" };
static const char *const warehouses[] = { "Rotterdam", "Hamburg", "Genoa", "Gdynia" };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

void catalogue_fill(void)
{
	for (unsigned i = 0; i < CATALOGUE_ITEMS; i++) {
		struct item *item = &items[i];

		item->id = 1000 + i;
		snprintf(item->name, sizeof(item->name), "%s %s %s", sizes[i % COUNT(sizes)],
			colours[i / COUNT(sizes) % COUNT(colours)],
			things[(i + i / COUNT(things)) % COUNT(things)]);
		item->warehouse = warehouses[i * 7 % COUNT(warehouses)];
		item->in_stock = i * 31 % 250;
		item->price_cents = 499 + i * 137 % 20000;
		item->weight_grams = 80 + i * 211 % 9000;
		item->width_mm = 50 + i * 17 % 900;
		item->height_mm = 40 + i * 29 % 1200;
		item->depth_mm = 30 + i * 13 % 600;
	}
}

const struct item *catalogue_items(void)
{
	return items;
}

const struct item *catalogue_find(unsigned id)
{
	return id >= 1000 && id < 1000 + CATALOGUE_ITEMS ? &items[id - 1000] : NULL;
}

const char *catalogue_thing(const struct item *item)
{
	const char *colour = strchr(item->name, ' ');

	return strchr(colour + 1, ' ') + 1;
}
