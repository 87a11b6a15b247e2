/*
 * kept: a server whose store is in memory; at the end it prints everything that was kept.
 *
 *   kept [NAME=NUMBER]…     limits
 *
 * It prints its port and that of gRPC, serves until its standard input ends, and then prints a line
 * for each stack of each series: TYPE LABELS STACK VALUE, with tabs between them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "net/address.h"
#include "server/serving.h"
#include "store/dictionary.h"
#include "store/store_mem.h"

struct printing {
	struct store *store;
	const struct store_type *type;
};

static void print_view(struct view text)
{
	fwrite(text.at, 1, text.len, stdout);
}

static void print_type(const struct store_type *type)
{
	const struct view parts[] = { type->name, type->type, type->unit, type->period_type,
		type->period_unit };

	for (size_t i = 0; i < 5; i++) {
		if (i)
			putchar(':');
		print_view(parts[i]);
	}
}

static void print_labels(struct store_labels labels)
{
	for (size_t i = 0; i < labels.n; i++) {
		if (i)
			putchar(',');
		print_view(labels.at[i].name);
		putchar('=');
		print_view(labels.at[i].value);
	}
}

static void print_frame(const struct store_dictionary *dictionary, uint32_t frame)
{
	struct profile *names = profile_new();
	uint32_t id = dictionary_location(dictionary, frame, names);
	const struct location *location = &names->locations[id];

	if (location->n_lines)
		print_view(profile_text(
			names, names->functions[names->lines[location->first_line].function].name));
	else
		printf("%llx", (unsigned long long)location->address);
	profile_free(names);
}

static void print_stack(const struct store_dictionary *dictionary, uint32_t stack)
{
	size_t n;
	const struct dictionary_node *nodes = dictionary_nodes(dictionary, &n);

	if (nodes[stack].parent) {
		print_stack(dictionary, nodes[stack].parent);
		putchar(';');
	}
	if (stack)
		print_frame(dictionary, nodes[stack].frame);
}

static int print_part(void *owner, const struct store_part *part)
{
	const struct printing *printing = owner;

	for (size_t i = 0; i < part->n; i++) {
		print_type(printing->type);
		putchar('\t');
		print_labels(part->series->labels);
		putchar('\t');
		print_stack(part->dictionary, part->stacks[i]);
		printf("\t%lld\n", (long long)part->values[i]);
	}
	return 0;
}

static int print_all(void *owner, const struct store_type *type)
{
	struct printing printing = { owner, type };
	struct store_select select = { .type = *type, .to_ns = INT64_MAX };
	struct store_scan scan = {
		.select = &select, .detail = STORE_STACKS, .part = print_part, .owner = &printing
	};

	return store_scan(owner, &scan, NULL);
}

int main(int argc, char **argv)
{
	struct address address = { .host = "127.0.0.1" };
	struct serving_options options = { .version = "test", .drain_ms = 2000 };
	struct store_select all = { .to_ns = INT64_MAX };
	struct serving *serving;
	struct err err = { 0 };
	uint16_t port, grpc_port;
	bool taken;
	char byte;

	limits_defaults(&options.limits);
	for (int i = 1; i < argc; i++)
		if (limits_set(&options.limits, argv[i], &err) < 0)
			return fprintf(stderr, "kept: %s\n", err.text), 2;
	options.journal = journal_new(STDERR_FILENO, JOURNAL_INFO, JOURNAL_LOGFMT);
	if (store_mem_open(&options.store, &err) < 0)
		return 2;
	options.fd = address_listen(&address, &port, &taken, &err);
	options.guard = (struct guard){ .bound = "127.0.0.1", .port = port };
	options.grpc_fd = address_listen(&address, &grpc_port, &taken, &err);
	if (options.fd < 0 || options.grpc_fd < 0 || serving_start(&options, &serving, &err) < 0)
		return fprintf(stderr, "kept: %s\n", err.text), 2;
	printf("%u\n%u\n", port, grpc_port);
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		continue;
	serving_stop(serving);
	store_find_types(options.store, &all, print_all, options.store, &err);
	store_close(options.store);
	journal_free(options.journal);
	return 0;
}
