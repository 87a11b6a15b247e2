/* target: a program to scrape, made of what was discovered. */
#include "server/target.h"

#include <string.h>

#include "base/hash.h"

static const char *const SCHEMES[] = { "http", "https" };

static void put(struct relabel_set *set, const char *name, const char *value)
{
	relabel_put(set, view_of(name), view_of(value));
}

static void put_discovered(
	struct relabel_set *set, const struct scrape_job *job, const struct discovery_found *found)
{
	put(set, "job", job->job_name);
	put(set, "__address__", found->address);
	put(set, "__scheme__", SCHEMES[job->scheme]);
	put(set, "__profile_path_prefix__", job->profiling_config.path_prefix);
	if (found->meta)
		put(set, found->meta_name, found->meta);
	for (size_t i = 0; found->labels && i < found->labels->n; i++)
		put(set, found->labels->at[i].name, found->labels->at[i].value);
}

/* An address goes into a URL as it is: it must not become anything else there. */
static bool is_address(struct view address)
{
	for (size_t i = 0; i < address.len; i++) {
		unsigned char c = (unsigned char)address.at[i];

		if (c <= ' ' || c >= 0x7f || strchr("/?#@\\\"<>", c))
			return false;
	}
	return address.len > 0;
}

static const char *make_base(const struct relabel_set *set, struct arena *arena)
{
	struct view scheme = relabel_get(set, VIEW("__scheme__")),
		    address = relabel_get(set, VIEW("__address__")),
		    prefix = relabel_get(set, VIEW("__profile_path_prefix__"));
	BUF_AUTO base = { 0 };

	buf_add_view(&base, scheme);
	buf_add_text(&base, "://");
	buf_add_view(&base, address);
	while (view_ends(prefix, VIEW("/")))
		prefix.len--;
	if (prefix.len && prefix.at[0] != '/')
		buf_add_char(&base, '/');
	buf_add_view(&base, prefix);
	return base.failed ? NULL : arena_copy(arena, buf_view(&base));
}

static void put_default(struct relabel_set *set, struct view name, struct view value)
{
	if (relabel_get(set, name).len == 0)
		relabel_put(set, name, value);
}

/* Takes the labels that stay out of the set, and hashes them. */
static bool keep_labels(const struct relabel_set *set, struct arena *arena, struct target *ret)
{
	struct store_label *labels = arena_alloc(arena, (set->n + 1) * sizeof(*labels));
	size_t n = 0;

	if (!labels)
		return false;
	ret->key = hash_view(view_of(ret->base));
	for (size_t i = 0; i < set->n; i++) {
		if (view_starts(set->at[i].name, VIEW("__")))
			continue;
		labels[n++] = set->at[i];
		ret->key = hash_pair(ret->key, hash_view(set->at[i].name));
		ret->key = hash_pair(ret->key, hash_view(set->at[i].value));
	}
	ret->labels = (struct store_labels){ labels, n };
	return true;
}

int target_make(const struct scrape_job *job, const struct discovery_found *found,
	struct arena *arena, struct target *ret, struct err *err)
{
	struct relabel_set set = { .arena = arena };
	struct view address, scheme;
	bool kept;

	put_discovered(&set, job, found);
	kept = relabel(job->relabel_configs.at, job->relabel_configs.n, &set);
	address = relabel_get(&set, VIEW("__address__"));
	scheme = relabel_get(&set, VIEW("__scheme__"));
	if (set.failed)
		return err_set(err, ERR_LIMIT, "target %.256s: more than the %u labels it may have",
			found->address, RELABEL_LABELS_MAX);
	if (!kept)
		return 0;
	if (!is_address(address))
		return err_set(err, ERR_USAGE, "'%.*s' is no address of a target: write HOST:PORT",
			(int)(address.len > 256 ? 256 : address.len), address.at);
	if (!view_equal(scheme, VIEW("http")) && !view_equal(scheme, VIEW("https")))
		return err_set(err, ERR_USAGE, "target %.256s: __scheme__ is http or https",
			found->address);
	put_default(&set, VIEW("instance"), address);
	put_default(&set, VIEW("service_name"), relabel_get(&set, VIEW("job")));
	put_default(&set, VIEW("service_name"), view_of(job->job_name));
	*ret = (struct target){ .job = job, .base = make_base(&set, arena) };
	if (!ret->base || set.failed || !keep_labels(&set, arena, ret))
		return err_set(err, ERR_NOMEM, "out of memory");
	return 1;
}

static void add_encoded(struct buf *out, const char *text)
{
	for (const char *c = text; *c; c++) {
		bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
			     (*c >= '0' && *c <= '9') || strchr("-_.~", *c);

		buf_add_format(out, plain ? "%c" : "%%%02X", (unsigned char)*c);
	}
}

void target_url(const struct target *target, const struct scrape_kind *kind, unsigned seconds,
	struct buf *out)
{
	const struct conf_pairs *params = &target->job->params;
	char mark = strchr(kind->path, '?') ? '&' : '?';

	buf_add_text(out, target->base);
	if (kind->path[0] != '/')
		buf_add_char(out, '/');
	buf_add_text(out, kind->path);
	if (kind->delta) {
		buf_add_format(out, "%cseconds=%u", mark, seconds);
		mark = '&';
	}
	for (size_t i = 0; i < params->n; i++) {
		buf_add_char(out, mark);
		mark = '&';
		add_encoded(out, params->at[i].name);
		buf_add_char(out, '=');
		add_encoded(out, params->at[i].value);
	}
}
