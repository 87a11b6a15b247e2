/*
 * bench_symbol: how fast addresses get names.
 *
 *     bench_symbol [-c CACHE_DIR] [-n COUNT] [-l] FILE    how long COUNT addresses took, twice
 *     bench_symbol -a [-n COUNT] FILE                     only prints those addresses
 *     bench_symbol -p [-l] FILE                           names those on standard input, and prints
 *                                                         "ADDRESS\tFUNCTION\tFILE:LINE" a frame
 *
 * Addresses are spread evenly over the code of FILE. -l leaves files and lines out.
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

struct wish {
	const char *path;
	size_t count;
	bool list, show;
	struct symbolizer_options options;
};

static bool parse(int argc, char **argv, struct wish *ret)
{
	int option;

	*ret = (struct wish){ .count = 10000, .options.cache_dir = "" };
	while ((option = getopt(argc, argv, "ac:n:pl")) != -1)
		if (option == 'a')
			ret->list = true;
		else if (option == 'c')
			ret->options.cache_dir = optarg;
		else if (option == 'n')
			ret->count = strtoul(optarg, NULL, 0);
		else if (option == 'p')
			ret->show = true;
		else if (option == 'l')
			ret->options.no_lines = true;
		else
			return false;
	ret->path = argv[optind];
	return ret->path && ret->count;
}

static void read_addresses(struct addresses *list)
{
	char line[64];

	while (fgets(line, sizeof(line), stdin))
		add(list, strtoull(line, NULL, 16));
}

int main(int argc, char **argv)
{
	struct symbolizer *symbolizer;
	struct addresses list = { 0 };
	struct object *object;
	struct wish wish;
	struct err err;

	if (!parse(argc, argv, &wish))
		return 2;
	if (object_open(wish.path, &object, &err) < 0 ||
		symbolizer_new(&wish.options, &symbolizer, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return 2;
	}
	if (wish.show)
		read_addresses(&list);
	else
		spread(object, wish.count, &list);
	for (size_t i = 0; wish.list && i < list.n; i++)
		printf("0x%" PRIx64 "\n", list.at[i]);
	for (int i = 0; !wish.list && i < (wish.show ? 1 : 2); i++)
		measure(symbolizer, object, &list, wish.show);
	symbolizer_free(symbolizer);
	object_unref(object);
	free(list.at);
	return 0;
}
