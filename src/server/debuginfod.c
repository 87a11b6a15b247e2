/* debuginfod: debug files of other servers. */
#include "server/debuginfod.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/map.h"
#include "debuginfo/shelf.h"
#include "net/fetches.h"

#define SECOND UINT64_C(1000000000)
#define MISSING_NS (3600 * SECOND)
#define FAILED_NS (300 * SECOND)
#define KNOWN_MAX 10000u

struct wanted {
	struct debuginfod *client;
	char tenant[SHELF_TENANT_MAX + 1], build_id[DEBUGELF_ID_MAX + 1];
	uint64_t key;
	size_t url;      /* that is being asked */
	bool has_failed; /* one of them, in another way than by not having it */
};

struct debuginfod {
	struct debuginfod_options options;
	struct fetches *fetches;
	pthread_mutex_t lock; /* of what follows */
	struct map known;     /* tenant and build to when it may be asked for again */
	struct debuginfod_figures figures;
};

int debuginfod_new(
	const struct debuginfod_options *options, struct debuginfod **ret, struct err *err)
{
	struct debuginfod *client = calloc(1, sizeof(*client));
	int rc = client ? fetches_new(1, &client->fetches, err)
			: err_set(err, ERR_NOMEM, "out of memory");

	*ret = NULL;
	if (rc < 0) {
		free(client);
		return rc;
	}
	client->options = *options;
	pthread_mutex_init(&client->lock, NULL);
	*ret = client;
	return 0;
}

void debuginfod_free(struct debuginfod *client)
{
	if (!client)
		return;
	fetches_free(client->fetches);
	map_fini(&client->known);
	pthread_mutex_destroy(&client->lock);
	free(client);
}

void debuginfod_figures(struct debuginfod *client, struct debuginfod_figures *ret)
{
	pthread_mutex_lock(&client->lock);
	*ret = client->figures;
	pthread_mutex_unlock(&client->lock);
}

/* ---- one file ---- */

static void end(struct wanted *wanted, uint64_t *figure, uint64_t pause_ns)
{
	struct debuginfod *client = wanted->client;
	uint64_t *until;

	pthread_mutex_lock(&client->lock);
	(*figure)++;
	client->figures.waiting--;
	until = map_add(&client->known, wanted->key, NULL);
	if (until)
		*until = clock_monotonic_ns() + pause_ns;
	pthread_mutex_unlock(&client->lock);
	free(wanted);
}

static int keep(const struct wanted *wanted, struct view bytes)
{
	const struct shelf_piece piece = { .tenant = view_of(wanted->tenant),
		.build_id = view_of(wanted->build_id),
		.size = bytes.len,
		.bytes = bytes };
	struct shelf_receipt receipt;

	return shelf_add(wanted->client->options.shelf, &piece, &receipt, NULL);
}

static void ask(struct wanted *wanted);

static void on_answer(void *owner, const struct fetches_answer *answer)
{
	struct wanted *wanted = owner;
	struct debuginfod_figures *figures = &wanted->client->figures;

	if (answer->code == 0 && keep(wanted, buf_view(answer->body)) == 0) {
		end(wanted, &figures->fetched, FAILED_NS);
		return;
	}
	wanted->has_failed |= answer->code != ERR_NOT_FOUND;
	if (answer->code == ERR_CANCELLED)
		end(wanted, &figures->failed, 0);
	else if (++wanted->url < wanted->client->options.n_urls)
		ask(wanted);
	else if (wanted->has_failed)
		end(wanted, &figures->failed, FAILED_NS);
	else
		end(wanted, &figures->missing, MISSING_NS);
}

static void ask(struct wanted *wanted)
{
	struct debuginfod *client = wanted->client;
	const char *server = client->options.urls[wanted->url];
	struct fetches_request request = {
		.ask.limits = { client->options.bytes_max, DEBUGINFOD_TIME_S },
		.stays = true,
		.done = on_answer,
		.owner = wanted,
	};
	size_t len = strlen(server);
	BUF_AUTO url = { 0 };

	buf_add_format(&url, "%.*s/buildid/%s/debuginfo%c",
		(int)(len && server[len - 1] == '/' ? len - 1 : len), server, wanted->build_id, 0);
	request.ask.url = url.at;
	if (url.failed || fetches_add(client->fetches, &request, NULL) < 0)
		end(wanted, &client->figures.failed, FAILED_NS);
}

/* Whether it is time to ask; then it is on its way. */
static bool is_wanted(struct debuginfod *client, uint64_t key)
{
	uint64_t now = clock_monotonic_ns(), *until;
	bool yes = false;

	pthread_mutex_lock(&client->lock);
	if (client->known.count >= KNOWN_MAX) {
		map_fini(&client->known);
		client->known = (struct map){ 0 };
	}
	until = client->figures.waiting < DEBUGINFOD_WAITING_MAX
			? map_add(&client->known, key, NULL)
			: NULL;
	if (until && *until <= now) {
		*until = UINT64_MAX;
		client->figures.waiting++;
		yes = true;
	}
	pthread_mutex_unlock(&client->lock);
	return yes;
}

void debuginfod_want(void *owner, struct view tenant, struct view build_id)
{
	struct debuginfod *client = owner;
	uint64_t key = hash_pair(hash_keyed_view(tenant), hash_keyed_view(build_id));
	struct wanted *wanted;

	if (!debugelf_is_id(build_id) || tenant.len > SHELF_TENANT_MAX || !is_wanted(client, key))
		return;
	wanted = calloc(1, sizeof(*wanted));
	if (!wanted) {
		pthread_mutex_lock(&client->lock);
		client->figures.waiting--;
		map_remove(&client->known, key);
		pthread_mutex_unlock(&client->lock);
		return;
	}
	*wanted = (struct wanted){ .client = client, .key = key };
	snprintf(wanted->tenant, sizeof(wanted->tenant), "%.*s", (int)tenant.len,
		tenant.at ? tenant.at : "");
	snprintf(
		wanted->build_id, sizeof(wanted->build_id), "%.*s", (int)build_id.len, build_id.at);
	ask(wanted);
}
