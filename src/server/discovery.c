/* discovery: the addresses of a job's targets. */
#include "server/discovery.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/disk.h"
#include "base/hash.h"
#include "net/dns.h"

#define SECOND 1000000000ull
#define FILE_MAX ((size_t)4 << 20)

/* Where targets come from; what it gave the last time lives in its arena. */
struct source {
	const struct scrape_files *files; /* or … */
	const struct scrape_dns *dns;     /* … this; of the configuration itself neither */
	uint64_t next_ns;                 /* when to look again */
	uint64_t stamp;                   /* of the files as they were */
	struct arena arena;
	struct group *groups;
	struct err trouble;
};

struct group {
	struct group *next;
	const struct scrape_static *targets;
	const char *meta_name, *meta;
};

struct discovery {
	const struct scrape_job *job;
	struct source *sources; /* owned */
	size_t n;
};

int discovery_new(const struct scrape_job *job, struct discovery **ret, struct err *err)
{
	struct discovery *discovery = calloc(1, sizeof(*discovery));
	size_t n = job->file_sd_configs.n + job->dns_sd_configs.n;
	const struct scrape_files *files = job->file_sd_configs.at;
	const struct scrape_dns *dns = job->dns_sd_configs.at;

	*ret = NULL;
	if (discovery)
		discovery->sources = calloc(n + 1, sizeof(*discovery->sources));
	if (!discovery || !discovery->sources) {
		free(discovery);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	discovery->job = job;
	discovery->n = n;
	for (size_t i = 0; i < job->file_sd_configs.n; i++)
		discovery->sources[i].files = &files[i];
	for (size_t i = 0; i < job->dns_sd_configs.n; i++)
		discovery->sources[job->file_sd_configs.n + i].dns = &dns[i];
	*ret = discovery;
	return 0;
}

void discovery_free(struct discovery *discovery)
{
	if (!discovery)
		return;
	for (size_t i = 0; i < discovery->n; i++)
		arena_fini(&discovery->sources[i].arena);
	free(discovery->sources);
	free(discovery);
}

/* A look at the world: what it finds replaces what was there, if nothing fails. */
struct look {
	struct arena arena;
	struct group *groups;
	size_t n_targets;
	struct err *err;
};

static struct group *add_group(struct look *look)
{
	struct group *group = arena_alloc(&look->arena, sizeof(*group));

	if (!group) {
		err_set(look->err, ERR_NOMEM, "out of memory");
		return NULL;
	}
	group->next = look->groups;
	look->groups = group;
	return group;
}

static int add_targets(struct look *look, size_t n, const char *where)
{
	look->n_targets += n;
	if (look->n_targets <= DISCOVERY_TARGETS_MAX)
		return 0;
	return err_set(look->err, ERR_LIMIT, "%s: more than the %u targets that a job may have",
		where, DISCOVERY_TARGETS_MAX);
}

static int read_file(struct look *look, const char *path)
{
	BUF_AUTO text = { 0 };
	struct conf_list list;
	int code = disk_read(path, FILE_MAX, &text, look->err);

	if (code == 0)
		code = conf_read_list(&(struct conf_source){ path, buf_view(&text) },
			&scrape_static_conf, &list, &look->arena, look->err);
	for (size_t i = 0; code == 0 && i < list.n; i++) {
		const struct scrape_static *targets = &((struct scrape_static *)list.at)[i];
		struct group *group = add_group(look);

		if (!group)
			return ERR_NOMEM;
		group->targets = targets;
		group->meta_name = "__meta_filepath";
		group->meta = arena_copy(&look->arena, view_of(path));
		code = add_targets(look, targets->targets.n, path);
	}
	return code;
}

static int each_path(
	const struct scrape_files *files, int (*each)(void *owner, const char *path), void *owner)
{
	int code = 0;

	for (size_t i = 0; code == 0 && i < files->files.n; i++) {
		glob_t paths;

		if (glob(files->files.at[i], 0, NULL, &paths) == 0) {
			for (size_t k = 0; code == 0 && k < paths.gl_pathc; k++)
				code = each(owner, paths.gl_pathv[k]);
			globfree(&paths);
		}
	}
	return code;
}

static int look_at_file(void *owner, const char *path)
{
	return read_file(owner, path);
}

static int stamp_file(void *owner, const char *path)
{
	uint64_t *stamp = owner;
	struct stat st;

	*stamp = hash_pair(*stamp, hash_view(view_of(path)));
	if (stat(path, &st) == 0) {
		*stamp = hash_pair(*stamp, (uint64_t)st.st_mtim.tv_sec);
		*stamp = hash_pair(
			*stamp, (uint64_t)st.st_mtim.tv_nsec ^ (uint64_t)st.st_size << 32);
		*stamp = hash_pair(*stamp, (uint64_t)st.st_ino);
	}
	return 0;
}

struct answers {
	struct look *look;
	struct scrape_static *targets;
	size_t cap;
};

static void on_address(void *owner, const char *address)
{
	struct answers *answers = owner;
	struct conf_texts *targets = &answers->targets->targets;
	const char *copy = arena_copy(&answers->look->arena, view_of(address));

	if (copy && targets->n < answers->cap)
		targets->at[targets->n++] = copy;
}

static int look_up(struct look *look, const struct scrape_dns *dns, const char *name)
{
	static const enum dns_record RECORDS[] = {
		[SCRAPE_SRV] = DNS_SRV, [SCRAPE_A] = DNS_A, [SCRAPE_AAAA] = DNS_AAAA
	};
	struct dns_question question = { name, RECORDS[dns->type], (uint16_t)dns->port,
		dns->server };
	struct answers answers = { .look = look, .cap = DNS_RECORDS_MAX };
	struct group *group = add_group(look);

	answers.targets = arena_alloc(&look->arena, sizeof(*answers.targets));
	if (!group || !answers.targets)
		return err_set(look->err, ERR_NOMEM, "out of memory");
	answers.targets->targets.at =
		arena_alloc(&look->arena, answers.cap * sizeof(*answers.targets->targets.at));
	if (!answers.targets->targets.at)
		return err_set(look->err, ERR_NOMEM, "out of memory");
	group->targets = answers.targets;
	group->meta_name = "__meta_dns_name";
	group->meta = name;
	if (dns_find(&question, on_address, &answers, look->err))
		return look->err->code;
	return add_targets(look, answers.targets->targets.n, name);
}

static int take_look(struct look *look, const struct source *source)
{
	int code = 0;

	if (source->files)
		return each_path(source->files, look_at_file, look);
	for (size_t i = 0; code == 0 && i < source->dns->names.n; i++)
		code = look_up(look, source->dns, source->dns->names.at[i]);
	return code;
}

static bool refresh(struct source *source)
{
	struct err trouble = { 0 };
	struct look look = { .err = &trouble };

	if (take_look(&look, source)) {
		source->trouble = trouble;
		arena_fini(&look.arena);
		return false;
	}
	source->trouble = (struct err){ 0 };
	arena_fini(&source->arena);
	source->arena = look.arena;
	source->groups = look.groups;
	return true;
}

static bool refresh_files(struct source *source, uint64_t now_ns)
{
	uint64_t stamp = 0;

	source->next_ns = now_ns + DISCOVERY_LOOK_S * SECOND;
	each_path(source->files, stamp_file, &stamp);
	if (stamp == source->stamp && !source->trouble.code)
		return false;
	source->stamp = stamp;
	return refresh(source);
}

bool discovery_refresh(struct discovery *discovery, uint64_t now_ns)
{
	bool changed = false;

	for (size_t i = 0; i < discovery->n; i++) {
		struct source *source = &discovery->sources[i];

		if (now_ns < source->next_ns)
			continue;
		if (source->files) {
			changed |= refresh_files(source, now_ns);
		} else {
			source->next_ns = now_ns + (uint64_t)source->dns->refresh_interval;
			changed |= refresh(source);
		}
	}
	return changed;
}

static void give(const struct group *group,
	void (*each)(void *owner, const struct discovery_found *found), void *owner)
{
	for (size_t i = 0; i < group->targets->targets.n; i++)
		each(owner, &(struct discovery_found){ group->targets->targets.at[i],
				    &group->targets->labels, group->meta_name, group->meta });
}

void discovery_each(const struct discovery *discovery,
	void (*each)(void *owner, const struct discovery_found *found), void *owner)
{
	const struct scrape_static *fixed = discovery->job->static_configs.at;

	for (size_t i = 0; i < discovery->job->static_configs.n; i++)
		give(&(struct group){ .targets = &fixed[i] }, each, owner);
	for (size_t i = 0; i < discovery->n; i++)
		for (const struct group *group = discovery->sources[i].groups; group;
			group = group->next)
			give(group, each, owner);
}

const char *discovery_trouble(const struct discovery *discovery)
{
	for (size_t i = 0; i < discovery->n; i++)
		if (discovery->sources[i].trouble.code)
			return discovery->sources[i].trouble.text;
	return "";
}
