/*
 * openapi: /api/v1 as it describes itself: docs/openapi.yaml, served at /api/v1/openapi.yaml.
 */
#ifndef SERVER_OPENAPI_H
#define SERVER_OPENAPI_H

#include "server/router.h"

extern const char openapi_text[]; /* made of the file when Flyover is built */

struct router_table openapi_table(void);

#endif
