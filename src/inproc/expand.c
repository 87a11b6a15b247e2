/* expand: file names with the process's number in them. */
#include "inproc/expand.h"

#include <string.h>
#include <unistd.h>

#include "base/buf.h"

static int expand(const char *pattern, struct buf *name, struct err *err)
{
	for (const char *at = pattern; *at; at++) {
		if (*at != '%')
			buf_add_char(name, *at);
		else if (*++at == 'p')
			buf_add_u64(name, (uint64_t)getpid());
		else if (*at == '%')
			buf_add_char(name, '%');
		else
			return err_set(
				err, ERR_USAGE, "'%s': only %%p and %%%% are known", pattern);
	}
	return 0;
}

int expand_pid(const char *pattern, char *into, size_t size, struct err *err)
{
	BUF_AUTO name = { .max = size ? size - 1 : 1 };
	int rc = expand(pattern, &name, err);

	if (rc < 0)
		return rc;
	if (name.failed || name.len >= size)
		return err_set(err, ERR_LIMIT, "'%s' is longer than the %zu bytes a name may have",
			pattern, size - 1);
	memcpy(into, name.at ? name.at : "", name.len);
	into[name.len] = '\0';
	return 0;
}
