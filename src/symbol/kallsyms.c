/* kallsyms: the kernel's functions, as /proc/kallsyms lists them. */
#include "symbol/kallsyms.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/disk.h"
#include "base/hash.h"
#include "base/map.h"
#include "symbol/symcache.h"
#include "symbol/symtab.h"

#define KALLSYMS_FILE "/proc/kallsyms"
#define LIST_BYTES_USUAL ((size_t)16 << 20) /* only what is filled takes memory */
#define HEAD_BYTES 65536                    /* of the list; _text is in its first lines */
#define SMALL_FILE_MAX ((size_t)4 << 20)
#define GAP_MAX ((uint64_t)64 << 10)
#define NAME_MAX_LEN 512 /* the kernel's KSYM_NAME_LEN */

struct kallsyms {
	struct symtab *table; /* names are "name" or "name\t[module]" */
	uint64_t shift;       /* what the table's addresses are less than the kernel's */
	struct map base_of;   /* hash of a module's name -> its lowest function */
	uint64_t text;        /* where the kernel itself begins */
	uint64_t lowest;      /* among its functions, if _text is not listed */
	bool restricted, has_text;
};

static bool take_word(struct view *line, struct view *ret)
{
	bool more;

	*ret = view_take(line, ' ', &more);
	return more;
}

static struct view module_of(struct view *name)
{
	const char *tab = memchr(name->at, '\t', name->len);
	struct view module = { 0 };

	if (tab) {
		module = view_between(tab + 1, view_end(*name));
		*name = view_between(name->at, tab);
	}
	return module;
}

static bool note_base(struct kallsyms *symbols, struct view module, uint64_t address)
{
	bool is_new;
	uint64_t *base;

	if (module.len == 0) {
		if (!symbols->lowest || address < symbols->lowest)
			symbols->lowest = address;
		return true;
	}
	base = map_add(&symbols->base_of, hash_view(module), &is_new);
	if (base && (is_new || address < *base))
		*base = address;
	return base != NULL;
}

static void add_line(struct kallsyms *symbols, struct symtab_builder *builder, struct view line)
{
	struct symtab_symbol symbol = { .end_max = UINT64_MAX, .kind = SYMTAB_FUNCTION };
	struct view address, type, name, module;

	if (!take_word(&line, &address) || !take_word(&line, &type) || type.len != 1 ||
		!view_hex_to_u64(address, &symbol.start) || !strchr("tTwW", type.at[0]))
		return;
	name = line;
	module = module_of(&name);
	if (name.len == 0 || line.len > NAME_MAX_LEN || memchr(line.at, '\0', line.len))
		return;
	symbol.name = line;
	symbol.binding = type.at[0] == 't'   ? SYMTAB_LOCAL
			 : type.at[0] == 'T' ? SYMTAB_GLOBAL
					     : SYMTAB_WEAK;
	if (symbol.start == 0) {
		symbols->restricted = true;
		return;
	}
	if (!note_base(symbols, module, symbol.start))
		builder->failed = true;
	if (module.len == 0 && view_equal(name, VIEW("_text"))) {
		symbols->text = symbol.start;
		symbols->has_text = true;
	}
	symtab_add(builder, &symbol);
}

int kallsyms_parse(struct view text, struct kallsyms **ret, struct err *err)
{
	struct kallsyms *symbols = calloc(1, sizeof(*symbols));
	struct symtab_builder builder = { .gap_max = GAP_MAX };
	bool more = true;
	int rc;

	if (!symbols)
		return err_set(err, ERR_NOMEM, "out of memory");
	while (more)
		add_line(symbols, &builder, view_take(&text, '\n', &more));
	rc = symtab_build(&builder, &symbols->table, err);
	/* Per-CPU symbols may be at 0 on an open system too. */
	symbols->restricted = symbols->restricted && builder.n == 0;
	symtab_builder_fini(&builder);
	if (rc < 0) {
		kallsyms_free(symbols);
		return rc;
	}
	if (!symbols->text)
		symbols->text = symbols->lowest;
	*ret = symbols;
	return 0;
}

/* The names of modules and where each has its first function. */
static bool note_bases(struct kallsyms *symbols)
{
	size_t n;
	const struct symtab_row *rows = symtab_rows(symbols->table, &n);

	for (size_t i = 0; i < n; i++) {
		struct view name = symtab_name(symbols->table, &rows[i]);
		struct view module = module_of(&name);

		if (module.len && !note_base(symbols, module, rows[i].start + symbols->shift))
			return false;
	}
	return true;
}

/* Of each line the name, the size, the state and the address. */
static uint64_t hash_modules(struct view text)
{
	uint64_t hash = 0;
	bool more = true;

	while (more) {
		struct view line = view_take(&text, '\n', &more), word;
		bool words = true;

		for (int i = 0; words; i++) {
			word = view_take(&line, ' ', &words);
			if (i != 2 && i != 3)
				hash = hash_pair(hash, hash_view(word));
		}
	}
	return hash;
}

int kallsyms_load(struct kallsyms **ret, struct err *err)
{
	BUF_AUTO text = { 0 };
	int rc;

	buf_reserve(&text, LIST_BYTES_USUAL);
	rc = disk_read(KALLSYMS_FILE, KALLSYMS_FILE_MAX, &text, err);
	return rc < 0 ? rc : kallsyms_parse(buf_view(&text), ret, err);
}

/* Where the kernel begins, from the first lines of the list; 0 if it is not said. */
static uint64_t find_text(void)
{
	static const char *const wanted[] = { " T _text\n", " t _text\n" };
	int fd = open(KALLSYMS_FILE, O_RDONLY | O_CLOEXEC);
	char head[HEAD_BYTES + 1];
	uint64_t address = 0;
	ssize_t got;

	if (fd < 0)
		return 0;
	got = read(fd, head, HEAD_BYTES);
	close(fd);
	head[got > 0 ? got : 0] = '\0';
	for (int i = 0; i < 2 && !address; i++) {
		const char *at = strstr(head, wanted[i]);

		if (at && at - head >= 16)
			view_hex_to_u64((struct view){ at - 16, 16 }, &address);
	}
	return address;
}

/* A hash of what decides where functions are, relative to the kernel's beginning: its build, this
 * boot, and the modules. */
static bool make_key(char ret[SYMCACHE_KEY_MAX])
{
	static const struct {
		const char *path;
		bool needed;
	} files[] = { { "/sys/kernel/notes", true }, { "/proc/sys/kernel/random/boot_id", true },
		{ "/proc/modules", false } };
	uint64_t hash = 0;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		BUF_AUTO text = { 0 };

		if (disk_read(files[i].path, SMALL_FILE_MAX, &text, NULL) < 0 && files[i].needed)
			return false;
		/* How often a module is in use says nothing about where it is. */
		hash = hash_pair(
			hash, i == 2 ? hash_modules(buf_view(&text)) : hash_view(buf_view(&text)));
	}
	snprintf(ret, SYMCACHE_KEY_MAX, "kernel-%016llx", (unsigned long long)hash);
	return true;
}

int kallsyms_recall(struct symcache *cache, struct kallsyms **ret, struct err *err)
{
	char key[SYMCACHE_KEY_MAX];
	uint64_t text = find_text();
	struct kallsyms *symbols;
	int rc;

	if (!text || !make_key(key))
		return err_set(err, ERR_NOT_FOUND, "this kernel cannot be told from others");
	symbols = calloc(1, sizeof(*symbols));
	if (!symbols)
		return err_set(err, ERR_NOMEM, "out of memory");
	symbols->text = symbols->shift = text;
	rc = symcache_load(cache, key, &symbols->table, err);
	if (rc == 0 && !note_bases(symbols))
		rc = err_set(err, ERR_NOMEM, "out of memory");
	if (rc < 0) {
		kallsyms_free(symbols);
		return rc;
	}
	*ret = symbols;
	return 0;
}

/* A name without a module, or of a real one: not of what comes and goes without a trace in
 * /proc/modules, as BPF programs do. */
static bool stays(struct view module)
{
	return !view_equal(module, VIEW("[bpf]")) && !view_starts(module, VIEW("[__builtin__"));
}

/* The last function before something else gets no more than its first bytes: its true end is not
 * known, and what will lie behind it tomorrow isn't either. */
static size_t pick_rows(const struct kallsyms *symbols, struct symtab_row *into)
{
	size_t n, kept = 0;
	const struct symtab_row *rows = symtab_rows(symbols->table, &n);

	for (size_t i = 0; i < n; i++) {
		struct view name = symtab_name(symbols->table, &rows[i]), next = { 0 };
		struct view module = module_of(&name), other = { 0 };

		if (rows[i].start < symbols->text || !stays(module))
			continue;
		if (i + 1 < n)
			next = symtab_name(symbols->table, &rows[i + 1]);
		other = module_of(&next);
		into[kept] = rows[i];
		into[kept].start -= symbols->text;
		if (i + 1 == n || !view_equal(module, other))
			into[kept].size = 1;
		kept++;
	}
	return kept;
}

void kallsyms_keep(const struct kallsyms *symbols, struct symcache *cache)
{
	char key[SYMCACHE_KEY_MAX];
	struct symtab_row *rows;
	struct symtab *table;
	size_t n;

	symtab_rows(symbols->table, &n);
	if (symbols->shift || !symbols->has_text || !make_key(key))
		return;
	rows = malloc((n + 1) * sizeof(*rows));
	if (!rows)
		return;
	n = pick_rows(symbols, rows);
	if (symtab_from_rows(rows, n, symtab_names(symbols->table), &table, NULL) == 0) {
		symcache_store(cache, key, table, NULL);
		symtab_unref(table);
	}
	free(rows);
}

void kallsyms_free(struct kallsyms *symbols)
{
	if (!symbols)
		return;
	symtab_unref(symbols->table);
	map_fini(&symbols->base_of);
	free(symbols);
}

bool kallsyms_restricted(const struct kallsyms *symbols)
{
	return symbols->restricted;
}

bool kallsyms_find(const struct kallsyms *symbols, uint64_t address, struct kallsyms_hit *ret)
{
	const struct symtab_row *row = symtab_find(symbols->table, address - symbols->shift);
	uint64_t base = symbols->text;

	if (!row)
		return false;
	ret->name = symtab_name(symbols->table, row);
	ret->module = module_of(&ret->name);
	if (ret->module.len) {
		const uint64_t *found = map_find(&symbols->base_of, hash_view(ret->module));

		base = found ? *found : row->start + symbols->shift;
	} else {
		ret->module = VIEW(KALLSYMS_KERNEL);
	}
	ret->address = address - base;
	return true;
}
