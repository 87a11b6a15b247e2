/* operations: what those who run the server ask it. */
#include "server/operations.h"

#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/disk.h"

static void healthy(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	(void)owner;
	(void)call;
	reply->body = VIEW("ok\n");
}

static void ready(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	struct operations *operations = owner;

	(void)call;
	operations->reasons(operations->owner, &reply->made);
	if (!reply->made.len) {
		buf_add_text(&reply->made, "ready\n");
		if (operations->notes)
			operations->notes(operations->owner, &reply->made);
		return;
	}
	reply->status = 503;
	httpd_reply_header(reply, "Retry-After", "1");
}

static void metrics(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	struct operations *operations = owner;

	(void)call;
	reply->mime = "text/plain; version=0.0.4; charset=utf-8";
	metrics_write(operations->metrics, &reply->made);
}

static const struct route routes[] = {
	{ "GET", "/healthz", healthy, SCOPE_ANYONE, LANE_AT_ONCE },
	{ "GET", "/-/healthy", healthy, SCOPE_ANYONE, LANE_AT_ONCE },
	{ "GET", "/readyz", ready, SCOPE_ANYONE, LANE_AT_ONCE },
	{ "GET", "/-/ready", ready, SCOPE_ANYONE, LANE_AT_ONCE },
	{ "GET", "/metrics", metrics, SCOPE_READ, LANE_AT_ONCE },
};

struct router_table operations_table(struct operations *operations)
{
	return (struct router_table){ routes, sizeof(routes) / sizeof(routes[0]), operations };
}

/* The second number of /proc/self/statm; 0 if it cannot be read. */
static unsigned long long resident_bytes(void)
{
	BUF_AUTO text = { 0 };
	unsigned long long size, resident = 0;

	if (disk_read("/proc/self/statm", 4096, &text, NULL) < 0)
		return 0;
	buf_add_char(&text, '\0');
	if (text.failed || sscanf(text.at, "%llu %llu", &size, &resident) != 2)
		return 0;
	return resident * (unsigned long long)sysconf(_SC_PAGESIZE);
}

void operations_write_process(const char *version, struct buf *out)
{
	struct rlimit files = { 0 };

	getrlimit(RLIMIT_NOFILE, &files);
	metrics_head(out, "flyover_build_info", "gauge", "The version that runs.");
	buf_add_format(out, "flyover_build_info{version=\"%s\"} 1\n", version);
	metrics_head(out, "process_cpu_seconds_total", "counter", "CPU time of this process.");
	buf_add_format(
		out, "process_cpu_seconds_total %.3f\n", (double)clock_process_cpu_ns() / 1e9);
	metrics_head(out, "process_resident_memory_bytes", "gauge", "Memory of this process.");
	buf_add_format(out, "process_resident_memory_bytes %llu\n", resident_bytes());
	metrics_head(out, "process_max_fds", "gauge", "Descriptors that this process may have.");
	buf_add_format(out, "process_max_fds %llu\n", (unsigned long long)files.rlim_cur);
}
