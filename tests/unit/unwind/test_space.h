/* test_space: unwind tables in plain memory, and those of a running process. */
#ifndef TESTS_TEST_SPACE_H
#define TESTS_TEST_SPACE_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/types.h>

#include "object/object.h"
#include "unwind/stackwalk.h"
#include "unwind/unwind_space.h"
#include "unwind/unwind_table.h"

#define SPACE_SHARDS 64
#define SPACE_PAGES 16384
#define SPACE_MAPPINGS 1024

struct test_space {
	struct unwind_space *space;
	struct unwind_row *shards[SPACE_SHARDS];
	struct unwind_page pages[SPACE_PAGES];
	struct unwind_rule rules[UNWIND_RULES_MAX];
	struct unwind_mapping mappings[SPACE_MAPPINGS];
	struct unwind_space_place places[SPACE_MAPPINGS]; /* of the mapping at the same index */
	struct stackwalk_tables tables;
};

static inline struct unwind_row *space_new_shard(void *owner, uint32_t index)
{
	struct test_space *plain = owner;

	plain->shards[index] = calloc(UNWIND_SHARD_ROWS, sizeof(struct unwind_row));
	return plain->shards[index];
}

static inline void space_drop_shard(void *owner, uint32_t index)
{
	struct test_space *plain = owner;

	free(plain->shards[index]);
	plain->shards[index] = NULL;
}

static inline struct test_space *test_space_new(void)
{
	struct test_space *plain = calloc(1, sizeof(*plain));
	struct unwind_space_memory memory = { .new_shard = space_new_shard,
		.drop_shard = space_drop_shard,
		.owner = plain,
		.pages = plain->pages,
		.rules = plain->rules,
		.n_pages_max = SPACE_PAGES,
		.n_shards_max = SPACE_SHARDS };

	plain->tables = (struct stackwalk_tables){ .mappings = plain->mappings,
		.pages = plain->pages,
		.rules = plain->rules,
		.shards = (const struct unwind_row *const *)plain->shards,
		.n_pages = SPACE_PAGES,
		.n_rules = UNWIND_RULES_MAX,
		.n_shards = SPACE_SHARDS };
	return unwind_space_new(&memory, &plain->space, NULL) == 0 ? plain : NULL;
}

static inline void test_space_free(struct test_space *plain)
{
	for (uint32_t i = 0; i < plain->tables.n_mappings; i++)
		unwind_space_remove(plain->space, &plain->places[i]);
	unwind_space_free(plain->space);
	free(plain);
}

/* Appends a mapping (in the order of addresses) whose table is `table`, or none for NULL. */
static inline struct unwind_mapping *space_map(struct test_space *plain, uint64_t start,
	uint64_t end, uint64_t bias, const struct unwind_table *table)
{
	struct unwind_space_place *place = &plain->places[plain->tables.n_mappings];
	struct unwind_mapping *mapping = &plain->mappings[plain->tables.n_mappings++];

	*mapping = (struct unwind_mapping){
		.start = start, .end = end, .bias = bias, .kind = UNWIND_MAPPING_NO_TABLE
	};
	if (!table || unwind_space_add(plain->space, table, place, NULL) < 0)
		return mapping;
	mapping->kind = UNWIND_MAPPING_TABLE;
	mapping->first_page = place->first_page;
	mapping->first_page_no = place->first_page_no;
	mapping->n_pages = place->n_pages;
	return mapping;
}

/* The vdso is the same in every process. */
static inline int space_open(const char *path, struct object **ret)
{
	uint64_t vdso = getauxval(AT_SYSINFO_EHDR);

	if (path[0] == '/')
		return object_open(path, ret, NULL);
	if (strcmp(path, "[vdso]") == 0 && vdso)
		return object_open_memory(
			(struct view){ (const char *)vdso, 2 * 4096 }, path, ret, NULL);
	return ERR_NOT_FOUND;
}

/* Maps what is executable in a process; code that belongs to no file is JIT. */
static inline struct test_space *test_space_of(pid_t pid)
{
	struct test_space *plain = test_space_new();
	uint64_t start, end, offset, bias;
	char line[4096], mode[8], path[4096];
	FILE *maps;

	snprintf(line, sizeof(line), "/proc/%d/maps", pid);
	maps = fopen(line, "r");
	while (maps && fgets(line, sizeof(line), maps)) {
		struct unwind_table table = { 0 };
		struct unwind_mapping *mapping;
		struct object *object = NULL;
		bool found;

		path[0] = '\0';
		if (sscanf(line, "%lx-%lx %7s %lx %*s %*s %4095s", &start, &end, mode, &offset,
			    path) < 4 ||
			mode[2] != 'x' || start >> 63)
			continue;
		found = space_open(path, &object) == 0 &&
			object_bias(object, start, offset, &bias) &&
			unwind_table_build(object, &table, NULL) == 0;
		mapping = space_map(plain, start, end, bias, found ? &table : NULL);
		if (!path[0])
			mapping->kind = UNWIND_MAPPING_JIT;
		unwind_table_fini(&table);
		object_unref(object);
	}
	if (maps)
		fclose(maps);
	return plain;
}

#endif
