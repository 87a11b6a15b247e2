/*
 * series_name: what the profiles of a process are called: a name and labels.
 *
 * service_name is what the process calls itself (service.name of its OpenTelemetry resource), else
 * its unit, else its executable. Further attributes of the resource become labels, with "_" for
 * what labels' names cannot have. A process that sends CPU profiles of itself has ours under
 * another name, so that no time is counted twice.
 */
#ifndef AGENT_SERIES_NAME_H
#define AGENT_SERIES_NAME_H

#include "agent/origin.h"
#include "agent/parcel.h"
#include "sampler/foreign_context.h"

#define SERIES_NAME_CPU "process_cpu"
#define SERIES_NAME_HOST_CPU "host_cpu" /* of processes that push process_cpu themselves */
#define SERIES_NAME_LABELS_MAX (9u + FOREIGN_CONTEXT_RESOURCES_MAX)

struct series_name {
	const char *name;
	struct parcel_label labels[SERIES_NAME_LABELS_MAX];
	size_t n;
	char pid[24], start[24];
	char keys[FOREIGN_CONTEXT_RESOURCES_MAX][FOREIGN_CONTEXT_NAME_MAX + 1];
};

struct series_name_facts {
	struct view host;
	struct view process;                   /* its name, if nothing else is known */
	const struct origin *origin;           /* NULL if it has gone */
	const struct foreign_context *context; /* NULL if it says nothing */
	int64_t start_s;                       /* since 1970; with the origin */
};

/* Borrows from the facts. */
void series_name_make(const struct series_name_facts *facts, struct series_name *ret);

#endif
