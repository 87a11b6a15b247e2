/* findings: what is wrong with a store, in sentences. */
#ifndef STORE_FINDINGS_H
#define STORE_FINDINGS_H

#include <stddef.h>
#include <stdint.h>

#define FINDINGS_MAX 500 /* that are told; more are counted */

struct finding {
	char *where; /* owned; a file of the store, or what of it: "dictionary", "block" */
	char *what;  /* owned; a sentence without its end */
};

struct findings {
	struct finding *at; /* owned */
	size_t n, cap;
	uint64_t n_more; /* that did not fit */
};

void findings_add(struct findings *findings, const char *where, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void findings_fini(struct findings *findings);

#endif
