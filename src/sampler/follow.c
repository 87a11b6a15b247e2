/* follow: what happens to processes, in the order of time. */
#include "sampler/follow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "base/vec.h"

/* The bodies of records, after the header; the kernel's ABI (perf_event_open(2)). */
struct mmap2_body {
	uint32_t pid, tid;
	uint64_t start, len, offset;
	uint32_t major, minor;
	uint64_t inode, generation;
	uint32_t protection, flags;
	char path[];
};

struct task_body {
	uint32_t pid, parent;
	uint32_t tid, parent_tid;
	uint64_t time_ns;
};

struct comm_body {
	uint32_t pid, tid;
	char comm[];
};

struct lost_body {
	uint64_t id, count;
};

/* Behind every record but samples, because of sample_id_all. */
struct trailer {
	uint32_t pid, tid;
	uint64_t time_ns;
};

struct sample_head {
	uint32_t pid, tid;
	uint64_t time_ns;
};

void follow_attributes(struct perf_event_attr *attr)
{
	attr->size = sizeof(*attr);
	attr->sample_type |= PERF_SAMPLE_TID | PERF_SAMPLE_TIME;
	attr->sample_id_all = 1;
	attr->use_clockid = 1;
	attr->clockid = CLOCK_MONOTONIC;
	attr->mmap = 1;
	attr->mmap2 = 1;
	attr->comm = 1;
	attr->comm_exec = 1;
	attr->task = 1;
}

int follow_add_ring(struct follow *follow, int event_fd, size_t ring_bytes, struct err *err)
{
	struct perf_ring ring;
	int rc;

	if (!VEC_FITS(follow->rings, follow->cap_rings, follow->n_rings + 1) ||
		!VEC_FITS(follow->fds, follow->cap_fds, follow->n_rings + 1)) {
		close(event_fd);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	rc = perf_ring_open(&ring, event_fd, ring_bytes, err);
	if (rc < 0) {
		close(event_fd);
		return rc;
	}
	follow->fds[follow->n_rings] = event_fd;
	follow->rings[follow->n_rings++] = ring;
	return 0;
}

int follow_open_host(struct follow *follow, const unsigned *cpus, size_t n_cpus, size_t ring_bytes,
	struct err *err)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_DUMMY,
		.watermark = 1,
		.wakeup_watermark = (uint32_t)ring_bytes / 4,
	};

	follow_attributes(&attr);
	for (size_t i = 0; i < n_cpus; i++) {
		int fd = perf_ring_event(&attr, -1, (int)cpus[i], -1), rc;

		if (fd == -ENODEV)
			continue; /* the CPU has just gone offline */
		if (fd < 0)
			return err_errno(err, -fd, "cannot follow processes on CPU %u", cpus[i]);
		rc = follow_add_ring(follow, fd, ring_bytes, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

void follow_close(struct follow *follow)
{
	for (size_t i = 0; i < follow->n_rings; i++) {
		perf_ring_close(&follow->rings[i]);
		close(follow->fds[i]);
	}
	for (size_t i = follow->next; i < follow->n_queue; i++)
		free(follow->queue[i]);
	free(follow->rings);
	free(follow->fds);
	free(follow->queue);
	*follow = (struct follow){ 0 };
}

static struct follow_event *event_new(enum follow_kind kind, const void *data, size_t len)
{
	struct follow_event *event = malloc(sizeof(*event) + len + 1);

	if (!event)
		return NULL;
	*event = (struct follow_event){ .kind = kind, .len = len };
	if (len)
		memcpy(event->data, data, len);
	event->data[len] = '\0';
	return event;
}

static struct follow_event *decode_map(const struct mmap2_body *body, size_t len, uint16_t misc)
{
	struct follow_event *event;

	if (len < sizeof(*body) || !(body->protection & PROT_EXEC) || body->len == 0 ||
		body->start + body->len < body->start || (misc & PERF_RECORD_MISC_MMAP_BUILD_ID))
		return NULL;
	event = event_new(FOLLOW_MAP, body->path, strnlen(body->path, len - sizeof(*body)));
	if (!event)
		return NULL;
	event->pid = body->pid;
	event->tid = body->tid;
	event->start = body->start;
	event->end = body->start + body->len;
	event->offset = body->offset;
	event->device = makedev(body->major, body->minor);
	event->inode = body->inode;
	event->generation = body->generation;
	return event;
}

static struct follow_event *decode_comm(const struct comm_body *body, size_t len, uint16_t misc)
{
	struct follow_event *event;

	if (len < sizeof(*body) || !(misc & PERF_RECORD_MISC_COMM_EXEC))
		return NULL;
	event = event_new(FOLLOW_EXEC, body->comm, strnlen(body->comm, len - sizeof(*body)));
	if (event) {
		event->pid = body->pid;
		event->tid = body->tid;
	}
	return event;
}

/* Threads come and go without a trace: only a process's first thread stands for it. Its exit may
 * come before that of its other threads; their samples find no process then and it is looked
 * up in /proc again. */
static struct follow_event *decode_task(
	const struct task_body *body, size_t len, enum follow_kind kind)
{
	struct follow_event *event;

	if (len < sizeof(*body) || (kind == FOLLOW_FORK && body->pid == body->parent) ||
		body->pid != body->tid)
		return NULL;
	event = event_new(kind, NULL, 0);
	if (event) {
		event->pid = body->pid;
		event->tid = body->tid;
		event->parent = body->parent;
	}
	return event;
}

static struct follow_event *decode_lost(const struct lost_body *body, size_t len)
{
	struct follow_event *event;

	if (len < sizeof(*body))
		return NULL;
	event = event_new(FOLLOW_LOST, NULL, 0);
	if (event)
		event->count = body->count;
	return event;
}

static struct follow_event *decode_sample(const char *body, size_t len)
{
	struct sample_head head;
	struct follow_event *event;

	if (len < sizeof(head))
		return NULL;
	memcpy(&head, body, sizeof(head));
	event = event_new(FOLLOW_SAMPLE, body, len);
	if (event) {
		event->pid = head.pid;
		event->tid = head.tid;
		event->time_ns = head.time_ns;
	}
	return event;
}

struct follow_event *follow_decode(const struct perf_event_header *header)
{
	const char *body = (const char *)(header + 1);
	size_t len = header->size - sizeof(*header);
	struct follow_event *event = NULL;
	struct trailer trailer;

	if (header->size < sizeof(*header))
		return NULL;
	if (header->type == PERF_RECORD_SAMPLE)
		return decode_sample(body, len);
	if (len < sizeof(trailer))
		return NULL;
	len -= sizeof(trailer);
	memcpy(&trailer, body + len, sizeof(trailer));
	if (header->type == PERF_RECORD_MMAP2)
		event = decode_map((const void *)body, len, header->misc);
	else if (header->type == PERF_RECORD_COMM)
		event = decode_comm((const void *)body, len, header->misc);
	else if (header->type == PERF_RECORD_FORK)
		event = decode_task((const void *)body, len, FOLLOW_FORK);
	else if (header->type == PERF_RECORD_EXIT)
		event = decode_task((const void *)body, len, FOLLOW_EXIT);
	else if (header->type == PERF_RECORD_LOST)
		event = decode_lost((const void *)body, len);
	if (event)
		event->time_ns = trailer.time_ns;
	return event;
}

/* Takes the event over. */
static int enqueue(struct follow *follow, struct follow_event *event)
{
	struct follow_event **slot = NULL;

	if (event->kind == FOLLOW_LOST)
		follow->records_lost += event->count;
	if (follow->n_queue < FOLLOW_EVENTS_MAX)
		slot = VEC_ADD(follow->queue, follow->n_queue, follow->cap_queue);
	if (!slot) {
		follow->records_lost++;
		free(event);
		return ERR_NOMEM;
	}
	event->number = follow->arrived++;
	*slot = event;
	return 0;
}

static int by_time(const void *a, const void *b)
{
	const struct follow_event *x = *(struct follow_event *const *)a;
	const struct follow_event *y = *(struct follow_event *const *)b;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	return x->number < y->number ? -1 : 1;
}

int follow_drain(struct follow *follow, struct err *err)
{
	int rc = 0;

	/* Those handed out are the caller's. */
	follow->n_queue -= follow->next;
	if (follow->next)
		memmove(follow->queue, follow->queue + follow->next,
			follow->n_queue * sizeof(*follow->queue));
	follow->next = 0;
	for (size_t i = 0; i < follow->n_rings; i++) {
		struct perf_ring *ring = &follow->rings[i];
		const struct perf_event_header *header;

		perf_ring_begin(ring);
		while ((header = perf_ring_next(ring))) {
			struct follow_event *event = follow_decode(header);

			if (event && enqueue(follow, event) < 0)
				rc = ERR_NOMEM;
		}
		perf_ring_end(ring);
	}
	if (follow->n_queue)
		qsort(follow->queue, follow->n_queue, sizeof(*follow->queue), by_time);
	return rc < 0 ? err_set(err, rc, "out of memory for events of processes") : 0;
}

struct follow_event *follow_next(struct follow *follow, uint64_t until_ns)
{
	if (follow->next == follow->n_queue || follow->queue[follow->next]->time_ns > until_ns)
		return NULL;
	return follow->queue[follow->next++];
}
