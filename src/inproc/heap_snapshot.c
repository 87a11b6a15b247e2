/* heap_snapshot: what is known of the heap now, as a profile with names. */
#include "inproc/heap_snapshot.h"

#include <stdlib.h>

#include "base/clock.h"
#include "inproc/own_names.h"
#include "inproc/sig_poisson.h"
#include "model/copy.h"

static int64_t whole(int64_t objects)
{
	return (objects + SIG_POISSON_ONE / 2) / SIG_POISSON_ONE;
}

/* What samples stood for that are in no site's sums. */
static struct heap_sites_sum lost_of(const struct heap_sites *sites)
{
	struct heap_sites_sum lost = sites->lost;

	lost.objects += (int64_t)atomic_load(&sig_heap_counts.lost_objects);
	lost.bytes += (int64_t)atomic_load(&sig_heap_counts.lost_bytes);
	return lost;
}

static void count_samples(
	struct profile *into, const struct heap_sites *sites, const struct heap_sites_sum *lost)
{
	uint64_t under_way = heap_sites_account(sites, &into->accounting);
	BUF_AUTO line = { 0 };

	buf_add_format(&line, "flyover.heap rate=%llu live_samples=%zu unlabelled=%llu",
		(unsigned long long)sites->setup->mean, sites->n_lives,
		(unsigned long long)sites->unlabelled);
	buf_add_format(&line,
		" not_followed=%llu not_followed_objects=%lld not_followed_bytes=%lld",
		(unsigned long long)sites->not_followed.samples,
		(long long)whole(sites->not_followed.objects),
		(long long)sites->not_followed.bytes);
	buf_add_format(&line, " lost_objects=%lld lost_bytes=%lld under_way=%llu",
		(long long)whole(lost->objects), (long long)lost->bytes,
		(unsigned long long)under_way);
	if (!line.failed)
		profile_comment(into, buf_view(&line));
}

static void add_header(struct profile *into, const struct heap_sites *sites,
	const char *default_type, int64_t began_ns)
{
	static const char *const types[][2] = { { "alloc_objects", "count" },
		{ "alloc_space", "bytes" }, { "inuse_objects", "count" },
		{ "inuse_space", "bytes" } };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		profile_add_type(into, view_of(types[i][0]), view_of(types[i][1]), NULL);
	into->default_type = profile_string(into, view_of(default_type));
	into->period_type.type = profile_string(into, VIEW("space"));
	into->period_type.unit = profile_string(into, VIEW("bytes"));
	into->period = (int64_t)sites->setup->mean;
	into->time_ns = (int64_t)clock_realtime_ns();
	into->duration_ns = into->time_ns - began_ns;
}

/* The file of each mapping of `into`; owned by the caller; NULL without memory. */
static const struct own_file **copy_mappings(struct profile *into, const struct own_profile *own)
{
	const struct profile *from = own->profile;
	const struct own_file **files = calloc(from->n_mappings + 1, sizeof(*files));

	for (size_t i = 1; files && i < from->n_mappings; i++) {
		struct mapping mapping = from->mappings[i];
		uint32_t id;

		mapping.file = profile_string(into, profile_text(from, mapping.file));
		mapping.build_id = profile_string(into, profile_text(from, mapping.build_id));
		id = profile_mapping(into, &mapping);
		if (id <= from->n_mappings && i < own->n_file_of)
			files[id] = own->file_of[i];
	}
	return files;
}

/* Whose they were is not known, but the total of what was allocated is right with them. */
static void add_lost(struct profile *into, const struct heap_sites_sum *lost)
{
	int64_t values[4] = { whole(lost->objects), lost->bytes };

	if (lost->bytes)
		profile_add(into,
			profile_push(into, STACK_EMPTY,
				profile_named(into, VIEW("[samples that were lost]"))),
			0, values);
}

static void copy_sites(struct profile *into, const struct heap_sites *sites, struct copy *copy)
{
	for (size_t i = 0; i < sites->n_sites && !into->failed; i++) {
		const struct heap_site *site = &sites->sites[i];
		int64_t values[4] = { whole(site->alloc_objects), site->alloc_bytes,
			whole(site->live_objects), site->live_bytes };

		profile_add(into, copy_stack(copy, site->stack), copy_labels(copy, site->labels),
			values);
	}
}

int heap_snapshot_fill(struct profile *into, const struct heap_sites *sites,
	const char *default_type, int64_t began_ns, struct err *err)
{
	struct heap_sites_sum lost = lost_of(sites);
	struct copy copy;
	int rc = copy_init(&copy, sites->own.profile, into, err);
	const struct own_file **files;

	add_header(into, sites, default_type, began_ns);
	files = copy_mappings(into, &sites->own);
	if (rc == 0)
		copy_sites(into, sites, &copy);
	copy_fini(&copy);
	add_lost(into, &lost);
	count_samples(into, sites, &lost);
	if (rc == 0 && (into->failed || !files))
		rc = err_set(err, ERR_NOMEM, "out of memory");
	if (rc == 0)
		rc = own_names_resolve(into, files, into->n_mappings, err);
	free(files);
	return rc;
}
