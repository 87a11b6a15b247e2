/*
 * load: asks the service what customers ask on a busy afternoon, until SIGINT or SIGTERM.
 *
 *     inventory-load PORT [CONNECTIONS]
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CONNECTIONS_MAX 64
#define ANSWER_MAX 65536

/* What an answer takes through a network. Without it client and service wake each other without
 * end, and a kernel was seen (6.18, autogroups on) that then ran none of its own threads for tens
 * of seconds: whatever waits for RCU waited as long, the end of a recording too. */
static const struct timespec network = { .tv_nsec = 100 * 1000 };

static atomic_bool stopping;
static atomic_ulong answers, failures;

static const char *const questions[] = { "/search?q=blue", "/search?q=large+red+lantern",
	"/items/1007", "/search?q=silver", "/search?q=folding", "/search?q=silver+kettle",
	"/search?q=huge", "/items/1042", "/search?q=small+toolbox", "/health" };
#define N_QUESTIONS (sizeof(questions) / sizeof(questions[0]))

static int connect_to(unsigned port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		perror("inventory: cannot connect");
		exit(1);
	}
	return fd;
}

/* Reads one answer whole; its length is in its head. */
static bool read_answer(int fd, char *answer)
{
	size_t len = 0, whole = SIZE_MAX;

	while (len < whole) {
		ssize_t got = recv(fd, answer + len, ANSWER_MAX - 1 - len, 0);
		const char *head_end, *field;

		if (got <= 0)
			return false;
		len += (size_t)got;
		answer[len] = '\0';
		head_end = strstr(answer, "\r\n\r\n");
		field = strstr(answer, "Content-Length: ");
		if (head_end && field && whole == SIZE_MAX)
			whole = (size_t)(head_end + 4 - answer) + strtoul(field + 16, NULL, 10);
	}
	return strncmp(answer, "HTTP/1.1 200 ", 13) == 0;
}

static bool ask(int fd, const char *question, char *answer)
{
	char request[256];
	int len =
		snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", question);

	if (send(fd, request, (size_t)len, MSG_NOSIGNAL) == len && read_answer(fd, answer)) {
		answers++;
		return true;
	}
	failures += !stopping;
	return false;
}

static void *be_customer(void *argument)
{
	const unsigned *port = argument;
	char *answer = malloc(ANSWER_MAX);
	int fd = connect_to(*port);

	for (size_t i = 0; answer && !stopping && ask(fd, questions[i % N_QUESTIONS], answer); i++)
		nanosleep(&network, NULL);
	close(fd);
	free(answer);
	return NULL;
}

/* Someone in an office, whose screen shows the stock anew every two seconds. */
static void *be_buyer(void *argument)
{
	const unsigned *port = argument;
	char *answer = malloc(ANSWER_MAX);
	int fd = connect_to(*port);

	for (unsigned i = 0; answer && !stopping; i++) {
		if (i % 20 == 0 && !ask(fd, "/stock", answer))
			break;
		nanosleep(&(struct timespec){ .tv_nsec = 100 * 1000 * 1000 }, NULL);
	}
	close(fd);
	free(answer);
	return NULL;
}

int main(int argc, char **argv)
{
	unsigned port = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 8080;
	unsigned connections = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 5;
	pthread_t threads[CONNECTIONS_MAX];
	sigset_t stop;
	int number;

	sigemptyset(&stop);
	sigaddset(&stop, SIGINT);
	sigaddset(&stop, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &stop, NULL);
	connections = connections > CONNECTIONS_MAX ? CONNECTIONS_MAX : connections;
	for (unsigned i = 0; i < connections; i++)
		pthread_create(&threads[i], NULL, i ? be_customer : be_buyer, &port);
	sigwait(&stop, &number);
	stopping = true;
	for (unsigned i = 0; i < connections; i++)
		pthread_join(threads[i], NULL);
	printf("%lu answers, %lu failures\n", answers, failures);
	return failures ? 1 : 0;
}
