/* err: a code for the program and a sentence for the person. */
#include "base/err.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int err_set(struct err *err, int code, const char *format, ...)
{
	va_list args;

	assert(code < 0);
	if (!err)
		return code;
	err->code = code;
	va_start(args, format);
	vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	return code;
}

static int code_of_errno(int number)
{
	switch (number) {
	case ENOMEM:
		return ERR_NOMEM;
	case ENOENT:
	case ESRCH:
		return ERR_NOT_FOUND;
	case EACCES:
	case EPERM:
		return ERR_DENIED;
	case ENOSYS:
	case EOPNOTSUPP:
		return ERR_UNSUPPORTED;
	default:
		return ERR_IO;
	}
}

int err_errno(struct err *err, int saved_errno, const char *format, ...)
{
	int code = code_of_errno(saved_errno);
	/* strerror takes the lock of the locale to translate: a child of a fork by another thread
	 * would wait for it without end. */
	const char *reason = strerrordesc_np(saved_errno);
	va_list args;
	size_t len;

	if (!err)
		return code;
	err->code = code;
	va_start(args, format);
	vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	len = strlen(err->text);
	if (reason)
		snprintf(err->text + len, sizeof(err->text) - len, ": %s", reason);
	else
		snprintf(err->text + len, sizeof(err->text) - len, ": error %d", saved_errno);
	return code;
}

int err_where(struct err *err, const char *format, ...)
{
	char inner[ERR_TEXT_MAX];
	va_list args;
	size_t len;

	if (!err)
		return 0;
	memcpy(inner, err->text, sizeof(inner));
	inner[sizeof(inner) - 1] = '\0';
	va_start(args, format);
	vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	len = strlen(err->text);
	snprintf(err->text + len, sizeof(err->text) - len, ": %s", inner);
	return err->code;
}

const char *err_name(int code)
{
	switch (code) {
	case 0:
		return "success";
	case ERR_NOMEM:
		return "out of memory";
	case ERR_IO:
		return "input/output error";
	case ERR_CORRUPT:
		return "corrupt input";
	case ERR_LIMIT:
		return "limit exceeded";
	case ERR_NOT_FOUND:
		return "not found";
	case ERR_DENIED:
		return "permission denied";
	case ERR_USAGE:
		return "wrong use";
	case ERR_UNSUPPORTED:
		return "not supported";
	case ERR_CANCELLED:
		return "cancelled";
	case ERR_LATE:
		return "too late";
	default:
		return "unknown error";
	}
}
