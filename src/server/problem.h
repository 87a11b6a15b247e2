/*
 * problem: an error as programs and people read it.
 *
 *     {"code":"resource_exhausted","message":"the request body is larger than …"}
 *
 * The codes are Connect's, which Pyroscope's /ingest has too; the sentence is for people.
 */
#ifndef SERVER_PROBLEM_H
#define SERVER_PROBLEM_H

#include "net/httpd.h"

/* What Connect calls a status. */
const char *problem_code(unsigned status);

/* The status of an err_code where nobody knows better. */
unsigned problem_status(int code);

/* Replaces whatever the reply held, except headers. */
void problem_reply(struct httpd_reply *reply, unsigned status, const char *sentence);

#endif
