/* page_json: JSON texts as the page reads them. */
#ifndef RENDER_PAGE_JSON_H
#define RENDER_PAGE_JSON_H

#include "base/buf.h"
#include "base/view.h"

/* A string with its quotes. Bytes that are no UTF-8 become U+FFFD; "<" is escaped, so that the text
 * is inert wherever it ends up. */
void page_json_text(struct buf *out, struct view text);

#endif
