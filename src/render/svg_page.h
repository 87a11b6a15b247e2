/* svg_page: the style and the script that every SVG picture carries. */
#ifndef RENDER_SVG_PAGE_H
#define RENDER_SVG_PAGE_H

/* Made from svg_page.css and svg_page.js when building. */
extern const char svg_page_style[], svg_page_script[];

#endif
