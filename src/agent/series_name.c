/* series_name: what the profiles of a process are called. */
#include "agent/series_name.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static bool has(const struct series_name *series, const char *name)
{
	for (size_t i = 0; i < series->n; i++)
		if (strcmp(series->labels[i].name, name) == 0)
			return true;
	return false;
}

static void put(struct series_name *series, const char *name, struct view value)
{
	if (series->n < SERIES_NAME_LABELS_MAX && !has(series, name))
		series->labels[series->n++] = (struct parcel_label){ name, value };
}

static void put_origin(struct series_name *series, const struct series_name_facts *facts)
{
	const struct origin *origin = facts->origin;

	snprintf(series->pid, sizeof(series->pid), "%d", (int)origin->pid);
	snprintf(series->start, sizeof(series->start), "%lld", (long long)facts->start_s);
	put(series, "service_name", origin_service(origin));
	put(series, "comm", view_of(origin->comm));
	put(series, "exe", view_of(origin->exe));
	put(series, "unit", view_of(origin->unit));
	put(series, "container", view_of(origin->container));
	put(series, "pid", view_of(series->pid));
	put(series, "pid_start", view_of(series->start));
}

/* As labels' names are: letters, digits and "_", no digit first. */
static void write_key(struct view key, char *into)
{
	for (size_t i = 0; i < key.len; i++)
		into[i] = isalnum((unsigned char)key.at[i]) ? key.at[i] : '_';
	into[key.len] = '\0';
	if (isdigit((unsigned char)into[0]))
		into[0] = '_';
}

static void put_resources(struct series_name *series, const struct foreign_context *context)
{
	for (size_t i = 0; i < context->n_resources; i++) {
		write_key(context->resources[i].key, series->keys[i]);
		put(series, series->keys[i], context->resources[i].value);
	}
}

void series_name_make(const struct series_name_facts *facts, struct series_name *ret)
{
	const struct foreign_context *context = facts->context;
	struct view said = { 0 };

	*ret = (struct series_name){ .name = SERIES_NAME_CPU };
	if (context)
		said = foreign_context_resource(context, VIEW("service.name"));
	if (context && context->pushes_cpu)
		ret->name = SERIES_NAME_HOST_CPU;
	put(ret, "host", facts->host);
	if (said.len)
		put(ret, "service_name", said);
	if (facts->origin)
		put_origin(ret, facts);
	put(ret, "service_name", facts->process.len ? facts->process : VIEW("kernel"));
	if (context)
		put_resources(ret, context);
}
