/* openapi: /api/v1 as it describes itself. */
#include "server/openapi.h"

static void describe(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	reply->body = view_of(openapi_text);
	reply->mime = "application/yaml";
}

static const struct route routes[] = {
	{ "GET", "/api/v1/openapi.yaml", describe, SCOPE_ANYONE, LANE_AT_ONCE },
};

struct router_table openapi_table(void)
{
	return (struct router_table){ routes, 1, NULL };
}
