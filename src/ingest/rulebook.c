/* rulebook: the limits of now, which a reload may replace. */
#include "ingest/rulebook.h"

#include <stdatomic.h>
#include <stdlib.h>

struct page {
	struct limits limits;
	struct page *before; /* owned */
};

struct rulebook {
	_Atomic(struct page *) now; /* owned */
};

static struct page *page_new(const struct limits *limits, struct page *before)
{
	struct page *page = calloc(1, sizeof(*page));

	if (page)
		*page = (struct page){ *limits, before };
	return page;
}

struct rulebook *rulebook_new(const struct limits *limits)
{
	struct rulebook *book = calloc(1, sizeof(*book));
	struct page *page = book ? page_new(limits, NULL) : NULL;

	if (page) {
		atomic_store(&book->now, page);
		return book;
	}
	free(book);
	return NULL;
}

void rulebook_free(struct rulebook *book)
{
	struct page *page = book ? atomic_load(&book->now) : NULL, *before;

	for (; page; page = before) {
		before = page->before;
		free(page);
	}
	free(book);
}

const struct limits *rulebook_limits(const struct rulebook *book)
{
	return &atomic_load(&((struct rulebook *)book)->now)->limits;
}

bool rulebook_replace(struct rulebook *book, const struct limits *limits)
{
	struct page *page = page_new(limits, atomic_load(&book->now));

	if (page)
		atomic_store(&book->now, page);
	return page;
}
