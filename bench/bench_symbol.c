/*
 * bench_symbol: how fast addresses get names.
 *
 *     bench_symbol [-c CACHE_DIR] [-n COUNT] [-p] [-l] FILE
 *
 * Names COUNT addresses spread over the functions of FILE, twice in one process and says how long
 * each took. -p prints "ADDRESS\tFUNCTION\tFILE:LINE" for each frame instead, -l leaves lines out.
 * With "-" as FILE addresses come from standard input after the first line, which names the file.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/vec.h"
#include "model/profile.h"
#include "object/object.h"
#include "symbol/symbol.h"

struct addresses {
	uint64_t *at;
	size_t n, cap;
};

static void add(struct addresses *list, uint64_t address)
{
	uint64_t *new = VEC_ADD(list->at, list->n, list->cap);

	if (new)
		*new = address;
}

/* Evenly over all executable sections. */
static void spread(const struct object *object, size_t count, struct addresses *ret)
{
	const Elf64_Shdr *sections;
	uint64_t bytes = 0;
	size_t n;

	sections = object_sections(object, &n);
	for (size_t i = 0; i < n; i++)
		if (sections[i].sh_flags & SHF_EXECINSTR)
			bytes += sections[i].sh_size;
	for (size_t i = 0; i < n && bytes; i++)
		if (sections[i].sh_flags & SHF_EXECINSTR)
			for (uint64_t at = 0; at < sections[i].sh_size; at += bytes / count + 1)
				add(ret, sections[i].sh_addr + at);
}

static struct profile *profile_of(const struct addresses *list, const char *path)
{
	struct profile *profile = profile_new();
	struct mapping mapping = { .limit = UINT64_MAX,
		.file = profile_string(profile, view_of(path)) };
	uint32_t id = profile_mapping(profile, &mapping);

	for (size_t i = 0; i < list->n; i++)
		profile_location(
			profile, &(struct location){ .address = list->at[i], .mapping = id }, NULL);
	return profile;
}

static void print(const struct profile *profile)
{
	for (size_t i = 0; i < profile->n_locations; i++) {
		const struct location *at = &profile->locations[i];

		for (uint32_t k = 0; k < at->n_lines; k++) {
			const struct line *line = &profile->lines[at->first_line + k];
			const struct function *function = &profile->functions[line->function];

			printf("0x%" PRIx64 "\t%s\t%s:%" PRId64 "\n", at->address,
				profile_text(profile, function->name).at,
				profile_text(profile, function->file).at, line->line);
		}
	}
}

static void measure(struct symbolizer *symbolizer, struct object *object,
	const struct addresses *list, bool show)
{
	PROFILE_AUTO profile = profile_of(list, object_name(object));
	struct symbol_source sources[2] = { { 0 }, { .kind = SYMBOL_OBJECT, .object = object } };
	struct symbol_stats stats;
	uint64_t start = clock_monotonic_ns(), took;
	struct err err;

	if (symbol_resolve(symbolizer, profile, sources, &stats, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		exit(1);
	}
	took = clock_monotonic_ns() - start;
	if (show)
		print(profile);
	else
		printf("%zu addresses, %zu named, %zu with lines, %.1f ms, %.0f names/s%s\n",
			stats.locations, stats.named, stats.lined, (double)took / 1e6,
			(double)stats.locations * 1e9 / (double)took,
			stats.objects_cached ? ", cached" : "");
	if (stats.dwarf_failed)
		fprintf(stderr, "debug information failed\n");
}

int main(int argc, char **argv)
{
	struct symbolizer_options options = { .cache_dir = "" };
	struct symbolizer *symbolizer;
	struct addresses list = { 0 };
	struct object *object;
	size_t count = 10000;
	bool show = false;
	struct err err;
	char line[64];
	int option;

	while ((option = getopt(argc, argv, "c:n:pl")) != -1)
		if (option == 'c')
			options.cache_dir = optarg;
		else if (option == 'n')
			count = strtoul(optarg, NULL, 0);
		else if (option == 'p')
			show = true;
		else if (option == 'l')
			options.no_lines = true;
		else
			return 2;
	if (optind >= argc || count == 0)
		return 2;
	if (object_open(argv[optind], &object, &err) < 0 ||
		symbolizer_new(&options, &symbolizer, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return 2;
	}
	if (show && !isatty(STDIN_FILENO))
		while (fgets(line, sizeof(line), stdin))
			add(&list, strtoull(line, NULL, 16));
	else
		spread(object, count, &list);
	measure(symbolizer, object, &list, show);
	if (!show)
		measure(symbolizer, object, &list, false);
	symbolizer_free(symbolizer);
	object_unref(object);
	free(list.at);
	return 0;
}
