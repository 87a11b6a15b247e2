/* findings: what is wrong with a store, in sentences. */
#include "store/findings.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/vec.h"

void findings_add(struct findings *findings, const char *where, const char *format, ...)
{
	BUF_AUTO text = { 0 };
	struct finding *added = NULL;
	va_list args;

	va_start(args, format);
	buf_add_formatv(&text, format, args);
	va_end(args);
	buf_add_char(&text, '\0');
	if (findings->n < FINDINGS_MAX && !text.failed)
		added = VEC_ADD(findings->at, findings->n, findings->cap);
	if (!added) {
		findings->n_more++;
		return;
	}
	*added = (struct finding){ strdup(where), strdup(text.at) };
	if (added->where && added->what)
		return;
	free(added->where);
	free(added->what);
	findings->n--;
	findings->n_more++;
}

void findings_fini(struct findings *findings)
{
	for (size_t i = 0; i < findings->n; i++) {
		free(findings->at[i].where);
		free(findings->at[i].what);
	}
	free(findings->at);
	*findings = (struct findings){ 0 };
}
