/* kinds: every kind of profile at once, for programs that are tortured. kinds.sh is the same for
 * programs that know nothing of it. */
#ifndef KINDS_H
#define KINDS_H

#include <flyover/flyover.h>
#include <stdio.h>
#include <stdlib.h>

/* An address sanitizer has a malloc of its own, and the library says so. */
#ifdef __SANITIZE_ADDRESS__
#define KINDS_HEAP FLY_UNSUPPORTED
#else
#define KINDS_HEAP 0
#endif

/* A CPU profile into the file (with the kernel's frames if KINDS_KERNEL is set), wall-clock time
 * and waits to nowhere, every allocation, and all of them to a server that is not there. */
static inline int kinds_start(const char *path)
{
	struct fly_cpu_options cpu = { .size = sizeof(cpu),
		.path = path,
		.hz = 1000,
		.kernel = getenv("KINDS_KERNEL") != NULL };
	struct fly_push_options push = {
		.size = sizeof(push), .url = "unix:/nowhere", .interval_s = 1
	};
	struct fly_wall_options wall = { .size = sizeof(wall), .path = "/dev/null", .hz = 1000 };
	struct fly_lock_options locks = { .size = sizeof(locks), .rate_ns = 1 };
	struct fly_heap_options heap = { .size = sizeof(heap), .rate = 1 };
	struct fly_error error;

	if (fly_heap_start(&heap, &error) != KINDS_HEAP || fly_cpu_start(&cpu, &error) ||
		fly_wall_start(&wall, &error) || fly_lock_start(&locks, &error) ||
		fly_push_start(&push, &error)) {
		fprintf(stderr, "%s\n", error.text);
		return 1;
	}
	return 0;
}

static inline int kinds_stop(void)
{
	struct fly_error error;

	if (fly_push_stop(0, &error) || fly_lock_stop(&error) ||
		fly_lock_write(FLY_LOCK_BLOCK, "/dev/null", -1, &error) || fly_wall_stop(&error) ||
		fly_cpu_stop(&error) ||
		(KINDS_HEAP == 0 &&
			(fly_heap_write("/dev/null", &error) || fly_heap_stop(&error)))) {
		fprintf(stderr, "%s\n", error.text);
		return 1;
	}
	return 0;
}

#endif
