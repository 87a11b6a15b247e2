/* kallsyms: the kernel's functions, as /proc/kallsyms lists them. */
#include "symbol/kallsyms.h"

#include <stdlib.h>

#include "base/disk.h"
#include "base/hash.h"
#include "base/map.h"
#include "symbol/symtab.h"

#define GAP_MAX ((uint64_t)64 << 10)
#define NAME_MAX_LEN 512 /* the kernel's KSYM_NAME_LEN */

struct kallsyms {
	struct symtab *table; /* absolute; names are "name" or "name\t[module]" */
	struct map base_of;   /* hash of a module's name -> its lowest function */
	uint64_t text;        /* where the kernel itself begins */
	uint64_t lowest;      /* among its functions, if _text is not listed */
	bool restricted;
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
	if (view_equal(name, VIEW("_text")))
		symbols->text = symbol.start;
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

int kallsyms_load(struct kallsyms **ret, struct err *err)
{
	BUF_AUTO text = { 0 };
	int rc = disk_read("/proc/kallsyms", KALLSYMS_FILE_MAX, &text, err);

	return rc < 0 ? rc : kallsyms_parse(buf_view(&text), ret, err);
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
	const struct symtab_row *row = symtab_find(symbols->table, address);
	uint64_t base = symbols->text;

	if (!row)
		return false;
	ret->name = symtab_name(symbols->table, row);
	ret->module = module_of(&ret->name);
	if (ret->module.len) {
		const uint64_t *found = map_find(&symbols->base_of, hash_view(ret->module));

		base = found ? *found : row->start;
	} else {
		ret->module = VIEW(KALLSYMS_KERNEL);
	}
	ret->address = address - base;
	return true;
}
