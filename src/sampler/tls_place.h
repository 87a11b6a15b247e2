/*
 * tls_place: where in its threads' static storage a process keeps the pointer otel_thread_ctx_v1.
 *
 * The pointer's place is told as its distance from the thread pointer (fs), which is the same for
 * all threads:
 *
 *     defined by the program      its value in .dynsym, less the size of the program's TLS
 *     used through a table        what the dynamic linker wrote into the table of addresses of any
 *                                 file that uses it: R_X86_64_TPOFF64, or the second word of
 *                                 R_X86_64_TLSDESC if that is static
 *
 * A library that was loaded late and reaches it through __tls_get_addr is not found.
 */
#ifndef SAMPLER_TLS_PLACE_H
#define SAMPLER_TLS_PLACE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

#define TLS_PLACE_SYMBOL "otel_thread_ctx_v1"
#define TLS_PLACE_FAR (INT64_C(1) << 24) /* bytes below the thread pointer; more is no place */

struct object;

enum tls_place_kind { TLS_PLACE_NONE, TLS_PLACE_PROGRAM, TLS_PLACE_WORD };

struct tls_place {
	enum tls_place_kind kind;
	int64_t offset; /* of a program's */
	uint64_t word;  /* file address of the word that has the offset */
};

/* What the file says; NONE if it has nothing to do with it. Files are hostile; ERR_CORRUPT, … */
int tls_place_find(const struct object *object, struct tls_place *ret, struct err *err);

/* The distance, negative; false if it is not known (yet). `bias`: of the file's addresses there. */
bool tls_place_offset(const struct tls_place *place, pid_t pid, uint64_t bias, int64_t *ret_offset);

#endif
