/* serving: the server put together. */
#include "server/serving.h"

#include <limits.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "ingest/intake.h"
#include "net/httpd.h"
#include "server/debugfiles.h"
#include "server/exhibits.h"
#include "server/gatekeeper.h"
#include "server/openapi.h"
#include "server/operations.h"
#include "server/pull.h"
#include "server/pyroscope.h"
#include "server/router.h"
#include "server/ways_in.h"
#include "server/ways_in_grpc.h"
#include "server/ways_in_otlp.h"
#include "server/ways_out.h"
#include "store/store.h"

#define CONNECTIONS_MAX 1024u
#define CONNECTIONS_OF_ADDRESS_MAX 256u
#define MEMORY_DEFAULT ((uint64_t)512 << 20)
#define QUERIES_SHARE 4      /* of the memory, for answers that are being made */
#define READING_SHARE 8      /* of the memory, for profiles while they are read */
#define BODIES_SHARE 16      /* of the memory, for the bodies of all requests */
#define KEPT_BYTES (4 << 20) /* of each arena of malloc; larger pieces go back at once */
#define ARENA_SHARE 8        /* of the memory, for what arenas keep that nobody uses */
#define WAITING_MAX 512u     /* requests of a lane that no thread has taken yet */

struct serving {
	struct serving_options options;
	struct metrics *metrics;
	struct intake *intake;
	struct ways_in *ways_in;
	struct ways_in_otlp ways_in_otlp;
	struct operations operations;
	struct ways_out ways_out;
	struct pyroscope pyroscope;
	struct exhibits *exhibits;
	struct guard_embedding embedding;
	struct gatekeeper *gatekeeper;
	struct budget_pool questions;
	struct pull *pull;
	struct router *router;
	struct httpd *httpd;
	struct ways_in_grpc *grpc; /* NULL if it does not listen for that */
	atomic_bool is_stopping;
};

static void reasons(void *owner, struct buf *out)
{
	struct serving *serving = owner;
	char trouble[ERR_TEXT_MAX];
	struct store_figures f = { 0 };

	if (atomic_load(&serving->is_stopping))
		buf_add_text(out, "the server is being stopped\n");
	ways_in_trouble(serving->ways_in, trouble);
	if (trouble[0])
		buf_add_format(out, "the store does not take profiles: %s\n", trouble);
	store_figures(serving->options.store, &f);
	if (f.trouble[0] && !trouble[0])
		buf_add_format(out, "the store does not take profiles: %s\n", f.trouble);
}

/* What does not stop it, and should be looked at. */
static void notes(void *owner, struct buf *out)
{
	struct serving *serving = owner;
	struct store_figures f = { 0 };

	store_figures(serving->options.store, &f);
	if (f.damaged)
		buf_add_format(out,
			"damaged: %llu stretches of series cannot be read and are left as they "
			"are; see `flyover help store`\n",
			(unsigned long long)f.damaged);
}

static void write_questions(struct budget_pool *pool, struct buf *out)
{
	metrics_head(out, "flyover_query_memory_bytes", "gauge",
		"Memory of the answers that are being made.");
	buf_add_format(out, "flyover_query_memory_bytes %zu\n", (size_t)atomic_load(&pool->bytes));
	metrics_head(out, "flyover_query_stopped_total", "counter",
		"Questions that were stopped, by why.");
	buf_add_format(out, "flyover_query_stopped_total{reason=\"timeout\"} %llu\n",
		(unsigned long long)atomic_load(&pool->n_late));
	buf_add_format(out, "flyover_query_stopped_total{reason=\"memory\"} %llu\n",
		(unsigned long long)atomic_load(&pool->n_large));
	buf_add_format(out, "flyover_query_stopped_total{reason=\"client left\"} %llu\n",
		(unsigned long long)atomic_load(&pool->n_left));
}

static void write_index(const struct store_figures *f, struct buf *out)
{
	metrics_head(out, "flyover_store_series", "gauge", "Series in the store.");
	buf_add_format(out, "flyover_store_series %zu\n", f->series);
	metrics_head(out, "flyover_store_label_values", "gauge",
		"Different values of labels in the store, of each name and tenant.");
	buf_add_format(out, "flyover_store_label_values %zu\n", f->label_values);
	metrics_head(out, "flyover_store_index_bytes", "gauge",
		"Memory of the index of series and labels.");
	buf_add_format(out, "flyover_store_index_bytes %zu\n", f->bytes_of_index);
}

static void write_store(void *owner, struct buf *out)
{
	struct serving *serving = owner;
	struct store_figures f;

	store_figures(serving->options.store, &f);
	write_index(&f, out);
	metrics_head(out, "flyover_store_profiles", "gauge", "Profiles in the store.");
	buf_add_format(out, "flyover_store_profiles %llu\n", (unsigned long long)f.profiles);
	metrics_head(out, "flyover_store_samples", "gauge", "Samples in the store.");
	buf_add_format(out, "flyover_store_samples %llu\n", (unsigned long long)f.samples);
	metrics_head(out, "flyover_store_disk_bytes", "gauge", "Bytes of the store on disk.");
	buf_add_format(out, "flyover_store_disk_bytes %llu\n", (unsigned long long)f.bytes_on_disk);
	metrics_head(out, "flyover_store_memory_bytes", "gauge", "Bytes of the store in memory.");
	buf_add_format(
		out, "flyover_store_memory_bytes %llu\n", (unsigned long long)f.bytes_in_memory);
	metrics_head(out, "flyover_store_duplicates_total", "counter",
		"Profiles that came again and were kept once.");
	buf_add_format(
		out, "flyover_store_duplicates_total %llu\n", (unsigned long long)f.duplicates);
	write_questions(&serving->questions, out);
	debugfiles_write_metrics(serving->options.debugfiles, out);
	metrics_head(out, "flyover_store_damaged", "gauge",
		"Stretches of series that cannot be read and are left as they are.");
	buf_add_format(out, "flyover_store_damaged %llu\n", (unsigned long long)f.damaged);
	metrics_head(out, "flyover_store_failures_total", "counter",
		"Times that folding, rolling up or dropping failed.");
	buf_add_format(out, "flyover_store_failures_total %llu\n", (unsigned long long)f.failures);
	operations_write_process(serving->options.version, out);
}

/* The answers that are being made may take a quarter of the memory, unless it is said. */
static void limit_questions(struct serving *serving)
{
	const struct serving_options *o = &serving->options;
	struct budget_pool *pool = &serving->questions;

	pool->bytes_max = o->query_memory_total ? o->query_memory_total : o->memory / QUERIES_SHARE;
	pool->bytes_of_one_max = o->query_memory ? o->query_memory : pool->bytes_max;
	pool->time_ns = o->query_ns;
	pool->bytes_setting = "query.memory_total";
	pool->bytes_of_one_setting = "query.memory";
	pool->time_setting = "query.timeout";
}

static void dispose(struct serving *serving)
{
	ways_in_grpc_stop(serving->grpc);
	pull_stop(serving->pull);
	router_free(serving->router);
	gatekeeper_free(serving->gatekeeper);
	exhibits_free(serving->exhibits);
	ways_in_free(serving->ways_in);
	intake_free(serving->intake);
	metrics_free(serving->metrics);
	guard_embed_fini(&serving->embedding);
	free(serving);
}

static int make_headers(struct serving *serving)
{
	const struct serving_options *o = &serving->options;
	size_t i = 0;

	if (o->n_embed_in)
		return guard_embed(&serving->embedding, o->embed_in, o->n_embed_in);
	for (; guard_headers[i]; i++)
		serving->embedding.headers[i] = guard_headers[i];
	return 0;
}

static bool make_parts(struct serving *serving)
{
	struct router_options routes = { .guard = serving->options.guard,
		.journal = serving->options.journal,
		.body_max = serving->options.limits.body_bytes,
		.body_setting = "limits.body_bytes",
		.multi_tenant = serving->options.multi_tenant,
		.questions = &serving->questions,
		.authorize = gatekeeper_authorize };

	limit_questions(serving);
	serving->gatekeeper = routes.owner = gatekeeper_new(serving->options.auth);
	serving->metrics = metrics_new();
	if (!serving->metrics || !serving->gatekeeper || make_headers(serving) < 0)
		return false;
	serving->intake = intake_new(serving->options.store, &serving->options.limits);
	if (!serving->intake)
		return false;
	intake_bound(serving->intake, serving->options.memory / READING_SHARE, &serving->questions);
	serving->ways_in = ways_in_new(serving->intake, serving->options.journal, serving->metrics);
	if (!serving->ways_in)
		return false;
	serving->operations = (struct operations){ serving->metrics, reasons, notes, serving };
	metrics_collect(serving->metrics, write_store, serving);
	routes.metrics = serving->metrics;
	routes.tables[routes.n_tables++] = operations_table(&serving->operations);
	routes.tables[routes.n_tables++] = ways_in_table(serving->ways_in);
	serving->ways_in_otlp = (struct ways_in_otlp){ serving->ways_in, serving->intake };
	routes.tables[routes.n_tables++] = ways_in_otlp_table(&serving->ways_in_otlp);
	serving->ways_out = (struct ways_out){ serving->options.store, serving->options.sources };
	routes.tables[routes.n_tables++] = ways_out_table(&serving->ways_out);
	serving->pyroscope = (struct pyroscope){ serving->options.store };
	routes.tables[routes.n_tables++] = pyroscope_table(&serving->pyroscope);
	routes.tables[routes.n_tables++] = openapi_table();
	if (serving->options.debugfiles)
		routes.tables[routes.n_tables++] = debugfiles_table(serving->options.debugfiles);
	serving->exhibits =
		exhibits_new(&(struct exhibits_options){ .store = serving->options.store,
			.guard = &serving->options.guard,
			.version = serving->options.version,
			.sources = serving->options.sources,
			.bytes_max = serving->questions.bytes_max });
	if (!serving->exhibits)
		return false;
	routes.tables[routes.n_tables++] = exhibits_table(serving->exhibits);
	serving->router = router_new(&routes);
	return serving->router;
}

void serving_keep_memory(size_t memory)
{
	size_t arenas = (memory ? memory : MEMORY_DEFAULT) / ARENA_SHARE / (2 * KEPT_BYTES);

	mallopt(M_ARENA_MAX, arenas < 2 ? 2 : arenas > INT_MAX ? INT_MAX : (int)arenas);
	mallopt(M_MMAP_THRESHOLD, KEPT_BYTES);
	mallopt(M_TRIM_THRESHOLD, 2 * KEPT_BYTES);
	mallopt(M_TOP_PAD, KEPT_BYTES / 4);
}

static unsigned threads_of(const struct serving_options *options)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	if (options->threads)
		return options->threads;
	return cpus > 2 ? (unsigned)cpus : 2;
}

static int listen_and_serve(struct serving *serving, struct err *err)
{
	unsigned threads = threads_of(&serving->options);
	struct httpd_options how = { .fd = serving->options.fd,
		.headers = serving->embedding.headers,
		.lanes = { [LANE_INGEST - 1] = { threads, WAITING_MAX },
			[LANE_QUERY - 1] = { threads, WAITING_MAX } },
		.n_lanes = 2,
		.connections_max = CONNECTIONS_MAX,
		.connections_of_address_max = CONNECTIONS_OF_ADDRESS_MAX,
		.bodies_max = serving->options.memory / BODIES_SHARE,
		.drain_ms = serving->options.drain_ms,
		.tls = serving->options.tls };

	router_serve(serving->router, &how);
	return httpd_start(&how, &serving->httpd, err);
}

static int listen_for_grpc(struct serving *serving, struct err *err)
{
	struct ways_in_grpc_options how = { .fd = serving->options.grpc_fd,
		.tls = serving->options.tls,
		.ways = serving->ways_in,
		.intake = serving->intake,
		.gatekeeper = serving->gatekeeper,
		.journal = serving->options.journal,
		.metrics = serving->metrics,
		.multi_tenant = serving->options.multi_tenant,
		.threads = threads_of(&serving->options),
		.drain_ms = serving->options.drain_ms,
		.messages_max = serving->options.memory / BODIES_SHARE };

	return how.fd ? ways_in_grpc_start(&how, &serving->grpc, err) : 0;
}

static int start_to_pull(struct serving *serving, struct err *err)
{
	struct pull_options how = { serving->options.jobs, serving->options.n_jobs, serving->intake,
		serving->metrics };

	return pull_start(&how, &serving->pull, err);
}

/* Each takes its socket, also when it fails. */
static int start_all(struct serving *serving, struct err *err)
{
	int rc = start_to_pull(serving, err);

	if (rc == 0) {
		rc = listen_for_grpc(serving, err);
		serving->options.grpc_fd = 0;
	}
	if (rc == 0) {
		rc = listen_and_serve(serving, err);
		serving->options.fd = -1;
	}
	return rc;
}

static void close_sockets(const struct serving_options *options)
{
	if (options->fd >= 0)
		close(options->fd);
	if (options->grpc_fd)
		close(options->grpc_fd);
}

int serving_start(const struct serving_options *options, struct serving **ret, struct err *err)
{
	struct serving *serving = calloc(1, sizeof(*serving));
	int rc;

	if (!serving) {
		close_sockets(options);
		auth_free(options->auth);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	serving->options = *options;
	if (!serving->options.memory)
		serving->options.memory = MEMORY_DEFAULT;
	if (make_parts(serving))
		rc = start_all(serving, err);
	else
		rc = err_set(err, ERR_NOMEM, "out of memory");
	if (rc < 0) {
		close_sockets(&serving->options);
		dispose(serving);
		return rc;
	}
	*ret = serving;
	return 0;
}

static bool replace_limits(struct serving *serving, const struct limits *limits)
{
	if (!intake_replace_limits(serving->intake, limits))
		return false;
	router_set_body_max(serving->router, limits->body_bytes);
	if (serving->grpc)
		ways_in_grpc_reload(serving->grpc);
	return true;
}

int serving_reload(struct serving *serving, const struct serving_news *news, struct err *err)
{
	const struct limits *before = intake_limits(serving->intake);
	int rc = 0;

	if (!replace_limits(serving, news->limits))
		rc = err_set(err, ERR_NOMEM, "out of memory");
	if (rc == 0)
		rc = pull_replace(serving->pull, news->jobs, news->n_jobs, err);
	if (rc == 0) {
		gatekeeper_replace(serving->gatekeeper, news->auth);
		return 0;
	}
	replace_limits(serving, before);
	auth_free(news->auth);
	return rc;
}

void serving_stop(struct serving *serving)
{
	if (!serving)
		return;
	atomic_store(&serving->is_stopping, true);
	httpd_stop(serving->httpd);
	dispose(serving);
}
