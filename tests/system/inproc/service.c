/* service: a small live service with an endpoint, labels and traces, to be read by other tools. */
#include <flyover/flyover.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static volatile unsigned long sink;

__attribute__((noinline)) static void serve_request(void)
{
	for (int i = 0; i < 200000; i++)
		sink += (unsigned long)i;
	__asm__ volatile("");
}

static void *work(void *route)
{
	const struct timespec pause = { .tv_nsec = 500000 };
	int key = fly_label_key("route", NULL);
	struct fly_trace trace;

	fly_trace_parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", &trace, NULL);
	fly_trace_set(&trace);
	for (;;) {
		unsigned mark = fly_label_set(key, route, strlen(route));

		serve_request();
		fly_label_restore(mark);
		nanosleep(&pause, NULL);
	}
	return NULL;
}

int main(void)
{
	struct fly_error error;
	pthread_t thread;

	if (fly_process_labels("service_name=service", &error) ||
		fly_http_listen("localhost:0", NULL, &error)) {
		fprintf(stderr, "%s\n", error.text);
		return 1;
	}
	pthread_create(&thread, NULL, work, "/a");
	printf("%d\n", fly_http_port());
	fflush(stdout);
	work("/b");
	return 0;
}
