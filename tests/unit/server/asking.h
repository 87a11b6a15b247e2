/* asking: the server's ways out over a store in memory with a few profiles, asked over a socket. */
#ifndef TESTS_ASKING_H
#define TESTS_ASKING_H

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "net/address.h"
#include "net/http_client.h"
#include "server/exhibits.h"
#include "server/pyroscope.h"
#include "server/ways_out.h"
#include "store/store_mem.h"

#define ASKING_TRACE "0af7651916cd43dd8448eb211c80319c"

static struct store *asking_store;
static struct ways_out asking_ways;
static struct pyroscope asking_pyroscope;
static struct exhibits *asking_exhibits;
static struct router *asking_router;
static struct httpd *asking_httpd;
static struct guard asking_guard;
static struct budget_pool asking_pool = { /* without limits */
	.bytes_setting = "query.memory_total",
	.bytes_of_one_setting = "query.memory",
	.time_setting = "query.timeout"
};

static inline void asking_done(void *owner, int code, const struct err *err)
{
	*(volatile int *)owner = code ? code : 1;
}

/* main;work 3 and main;wait 1 of a service, a minute ago; the work is the trace's. */
static inline void asking_add(const char *service, const char *tenant)
{
	struct store_label labels[] = { { VIEW("region"), VIEW("eu") },
		{ VIEW("service_name"), view_of(service) } };
	struct profile *profile = profile_new();
	struct store_entry entry = { .tenant = view_of(tenant),
		.name = VIEW("process_cpu"),
		.labels = { labels, 2 },
		.profile = profile };
	struct label trace = { .key = profile_string(profile, VIEW("trace_id")),
		.str = profile_string(profile, VIEW(ASKING_TRACE)) };
	volatile int done = 0;
	struct store_receipt receipt = { asking_done, (void *)&done };
	int64_t three[] = { 3, 3000 }, one[] = { 1, 1000 };
	uint32_t root;

	profile_add_type(profile, VIEW("samples"), VIEW("count"), NULL);
	profile_add_type(profile, VIEW("cpu"), VIEW("nanoseconds"), NULL);
	profile->period_type = profile->types[1];
	profile->time_ns = (int64_t)clock_realtime_ns() - 60 * INT64_C(1000000000);
	profile->duration_ns = INT64_C(10000000000);
	root = profile_push(profile, STACK_EMPTY, profile_named(profile, VIEW("main")));
	profile_add(profile, profile_push(profile, root, profile_named(profile, VIEW("work"))),
		profile_labels(profile, &trace, 1), three);
	profile_add(
		profile, profile_push(profile, root, profile_named(profile, VIEW("wait"))), 0, one);
	snprintf((char *)entry.id, sizeof(entry.id), "%.7s%.7s", service, tenant);
	if (store_append(asking_store, &entry, 1, &receipt, NULL))
		abort();
	while (!done)
		usleep(1000);
	profile_free(profile);
}

static inline int asking_start(void **state)
{
	struct address address = { .host = "127.0.0.1" };
	struct router_options options = { .n_tables = 3, .body_max = 1 << 20 };
	struct httpd_options how = {
		.lanes = { [LANE_INGEST - 1] = { 1, 8 }, [LANE_QUERY - 1] = { 2, 8 } }, .n_lanes = 2
	};
	bool taken;

	if (store_mem_open(&asking_store, NULL))
		return -1;
	asking_add("shop", "");
	asking_add("cart", "");
	asking_add("secret", "other");
	how.fd = address_listen(&address, &asking_guard.port, &taken, NULL);
	asking_guard.bound = "127.0.0.1";
	options.guard = asking_guard;
	options.questions = &asking_pool;
	asking_ways = (struct ways_out){ .store = asking_store };
	asking_exhibits = exhibits_new(&(struct exhibits_options){
		.store = asking_store, .guard = &asking_guard, .version = "test" });
	options.tables[0] = ways_out_table(&asking_ways);
	options.tables[2] = exhibits_table(asking_exhibits);
	asking_pyroscope = (struct pyroscope){ asking_store };
	options.tables[1] = pyroscope_table(&asking_pyroscope);
	asking_router = router_new(&options);
	if (how.fd < 0 || !asking_router)
		return -1;
	router_serve(asking_router, &how);
	return httpd_start(&how, &asking_httpd, NULL);
}

static inline int asking_stop(void **state)
{
	httpd_stop(asking_httpd);
	router_free(asking_router);
	exhibits_free(asking_exhibits);
	store_close(asking_store);
	return 0;
}

static inline const char *asking_get(const char *path)
{
	char request[4000];

	snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: localhost:%u\r\n" END, path,
		asking_guard.port);
	return ask_port(asking_guard.port, request);
}

#define asking_says(path, part)                                                  \
	do {                                                                     \
		const char *reply_ = asking_get(path);                           \
		if (!strstr(reply_, part))                                       \
			fail_msg("%s:\n%s\nwithout \"%s\"", path, reply_, part); \
	} while (0)

#define asking_lacks(path, part)                                              \
	do {                                                                  \
		const char *reply_ = asking_get(path);                        \
		if (strstr(reply_, part))                                     \
			fail_msg("%s:\n%s\nwith \"%s\"", path, reply_, part); \
	} while (0)

#endif
