/* test_gatekeeper: over a real socket, who may what, and who is somebody else's. */
#include "testing.h"

#include <stdio.h>

#include "net/address.h"
#include "net/http_client.h"
#include "server/gatekeeper.h"

/* sha256 of "ingest-token" and "acme-token" */
#define INGEST_HASH "sha256:d6d21e6d4a9c969670e67b5ea4b746242a23ad9ec2e8eb78c8d36f577f00581e"
#define ACME_HASH "sha256:28daa606f54b368209e11244fd3d5612b41212e822258df22e55afe06a7bdae1"

static void tell_tenant(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	buf_add_format(&reply->made, "tenant=%s", call->tenant);
}

static const struct route routes[] = {
	{ "GET", "/open", tell_tenant, SCOPE_ANYONE, LANE_AT_ONCE },
	{ "GET", "/in", tell_tenant, SCOPE_INGEST, LANE_AT_ONCE },
	{ "GET", "/out", tell_tenant, SCOPE_READ, LANE_AT_ONCE },
};

static struct gatekeeper *gatekeeper;
static struct router *router;
static struct httpd *httpd;
static uint16_t port;

static struct auth *auth_of(const char *hash, const char *tenant, unsigned scopes)
{
	struct auth_credential who = { "agent", hash, tenant, scopes, true };
	struct auth *auth;

	assert_int_equal(auth_new(&who, 1, &auth, NULL), 0);
	return auth;
}

static int start(void **state)
{
	struct address address = { .host = "127.0.0.1" };
	struct router_options options = { .authorize = gatekeeper_authorize,
		.multi_tenant = true,
		.tables = { { routes, 3, NULL } },
		.n_tables = 1 };
	struct httpd_options how = { .n_lanes = 0 };
	bool taken;

	gatekeeper = options.owner = gatekeeper_new(auth_of(INGEST_HASH, NULL, AUTH_INGEST));
	how.fd = address_listen(&address, &port, &taken, NULL);
	options.guard = (struct guard){ .bound = "127.0.0.1", .port = port };
	router = router_new(&options);
	if (how.fd < 0 || !router)
		return -1;
	router_serve(router, &how);
	return httpd_start(&how, &httpd, NULL);
}

static int stop(void **state)
{
	httpd_stop(httpd);
	router_free(router);
	gatekeeper_free(gatekeeper);
	return 0;
}

static void says(const char *path, const char *more, const char *part)
{
	char request[400];
	const char *reply;

	snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: localhost:%u\r\n%s" END, path,
		port, more);
	reply = ask_port(port, request);
	if (!strstr(reply, part))
		fail_msg("%s: %s\nwithout \"%s\"", path, reply, part);
}

#define INGEST "Authorization: Bearer ingest-token\r\n"
#define ACME "Authorization: Bearer acme-token\r\n"

static void a_route_opens_to_its_scope(void **state)
{
	says("/open", "", " 200 ");
	says("/in", "", " 401 ");
	says("/in", "", "WWW-Authenticate: Bearer");
	says("/in", INGEST "X-Scope-OrgID: shop\r\n", "tenant=shop");
	says("/in", INGEST, " 401 "); /* no tenant */
	says("/out", INGEST, " 403 ");
	says("/out", INGEST, "may not read profiles");
	says("/in", "Authorization: Bearer else\r\n", " 401 ");
}

static void a_credential_may_be_a_tenants_own(void **state)
{
	gatekeeper_replace(gatekeeper, auth_of(ACME_HASH, "acme", AUTH_INGEST | AUTH_QUERY));
	says("/in", INGEST, " 401 ");
	says("/in", ACME, "tenant=acme");
	says("/out", ACME "X-Scope-OrgID: shop\r\n", "tenant=acme");
}

static void nobody_named_means_everyone(void **state)
{
	gatekeeper_replace(gatekeeper, NULL);
	says("/out", "X-Scope-OrgID: shop\r\n", "tenant=shop");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_route_opens_to_its_scope),
		cmocka_unit_test(a_credential_may_be_a_tenants_own),
		cmocka_unit_test(nobody_named_means_everyone),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
