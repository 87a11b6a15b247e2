/* page: the built page of web/, as the binary carries it. */
#include "render/page.h"

bool page_is_built(void)
{
	return page_files[0].path != NULL;
}

const struct page_file *page_find(const char *path)
{
	for (const struct page_file *file = page_files; file->path; file++)
		if (strcmp(file->path, path) == 0)
			return file;
	return NULL;
}
