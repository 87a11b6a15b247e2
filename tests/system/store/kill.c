/*
 * kill: a store is killed (SIGKILL) again and again; nothing acknowledged is lost or counted twice.
 *
 *   kill [CYCLES]
 *
 * The ledger is memory that the parent holds: a child that dies leaves it as it was. Each child
 * first checks all that its predecessors were told is kept, then appends, repeats, folds, until it
 * is killed.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "store/store_rocksdb.h"

#define START ((int64_t)1700000000 * 1000000000)
#define SECOND ((int64_t)1000000000)
#define PROFILES_MAX 4000000
#define CYCLES_DEFAULT 200

struct ledger { /* shared with the children */
	volatile uint32_t next;
	volatile uint32_t checked;
	volatile uint8_t acked[PROFILES_MAX];
};

static struct ledger *ledger;
static char folder[] = "/tmp/flyover-kill-XXXXXX";

static void die(const char *what, long number)
{
	fprintf(stderr, "kill: %s (%ld)\n", what, number);
	_exit(1);
}

static void acked(void *owner, int code, const struct err *err)
{
	if (code == 0)
		ledger->acked[(uintptr_t)owner] = 1;
}

/* The profile of that number: its value is the number, its second too. */
static void append(struct store *store, uint32_t number)
{
	struct profile *p = profile_new();
	struct store_label label = { VIEW("service_name"), VIEW("inventory") };
	struct store_entry entry = { .name = VIEW("cpu"), .labels = { &label, 1 }, .profile = p };
	struct store_receipt receipt = { acked, (void *)(uintptr_t)number };
	char name[32];
	int64_t value = number + 1;
	struct err err;
	int rc;

	snprintf(name, sizeof(name), "f%u", number % 997);
	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	profile_add(p, profile_push(p, 0, profile_named(p, view_of(name))), 0, &value);
	p->time_ns = START + number * SECOND;
	memcpy(entry.id, &number, sizeof(number));
	rc = store_append(store, &entry, 1, &receipt, &err);
	profile_free(p);
	if (rc < 0 && rc != ERR_LIMIT)
		die(err.text, number);
}

static int check_part(void *owner, const struct store_part *part)
{
	uint8_t *seen = owner;
	uint32_t number = (uint32_t)((part->begin_ns - START) / SECOND);

	if (number >= PROFILES_MAX || seen[number]++)
		die("a profile is there twice", number);
	if (part->total != (int64_t)number + 1 || part->n != 1 || part->values[0] != part->total)
		die("a profile is not what it was", number);
	return 0;
}

static void check(struct store *store)
{
	struct store_select select = { .type = { VIEW("cpu"), VIEW("samples"), VIEW("count"),
					       VIEW(""), VIEW("") },
		.to_ns = INT64_MAX / 2 };
	uint8_t *seen = calloc(1, PROFILES_MAX);
	struct store_scan scan = { .select = &select,
		.detail = STORE_STACKS,
		.apart = true,
		.part = check_part,
		.owner = seen };
	struct err err;

	if (!seen || store_scan(store, &scan, &err) != 0)
		die("the store cannot be read", 0);
	for (uint32_t i = 0; i < ledger->next; i++)
		if (ledger->acked[i] && !seen[i])
			die("an acknowledged profile is lost", i);
	free(seen);
	ledger->checked++;
}

static void *fold(void *store)
{
	for (;;) {
		store_rocksdb_tend(store, START + (int64_t)(ledger->next + 1) * SECOND, NULL);
		usleep(2000);
	}
	return NULL;
}

static void live(void)
{
	struct store_rocksdb_options options = { .path = folder, .by_hand = true, .bytes_free = 1 };
	struct store *store;
	struct err err;
	pthread_t thread;

	if (store_rocksdb_open(&options, &store, &err) < 0)
		die(err.text, 0);
	check(store);
	if (pthread_create(&thread, NULL, fold, store))
		die("no thread", 0);
	while (ledger->next < PROFILES_MAX - 1) {
		uint32_t number = ledger->next;

		ledger->next = number + 1;
		append(store, number);
		if (number % 7 == 0 && number > 400)
			append(store, number - 400 + number % 399); /* again: it is kept once */
		if (number % 64 == 0)
			usleep(500);
	}
	_exit(0);
}

int main(int argc, char **argv)
{
	int cycles = argc > 1 ? (int)strtol(argv[1], NULL, 10) : CYCLES_DEFAULT;
	uint32_t wanted = (uint32_t)cycles / 2, n = 0;
	uint32_t checked = 0;
	int n_kills = 0, unchecked = 0; /* lives since the last that checked */
	char command[64];
	int status = 0;

	ledger = mmap(
		NULL, sizeof(*ledger), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (ledger == MAP_FAILED || !mkdtemp(folder))
		return 1;
	srandom(7);
	/* On a busy machine many do not live long enough to check what the others left: they get
	 * longer. */
	for (; status == 0 && (n_kills < cycles || ledger->checked < wanted) &&
		n_kills < 4 * cycles;
		n_kills++) {
		pid_t pid = fork();

		if (pid == 0)
			live();
		usleep((useconds_t)(20000 + random() % (200000L << (unchecked / 4))));
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		unchecked = ledger->checked != checked ? 0 : unchecked < 16 ? unchecked + 1 : 16;
		checked = ledger->checked;
		status = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
	}
	for (uint32_t i = 0; i < ledger->next; i++)
		n += ledger->acked[i];
	printf("%d kills, %u appended, %u acknowledged, checked %u times: %s\n", n_kills,
		ledger->next, n, ledger->checked, status ? "FAILED" : "none lost, none twice");
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	if (system(command) != 0 || n == 0 || ledger->checked < wanted)
		status = 1;
	return status;
}
