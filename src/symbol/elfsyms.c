/* elfsyms: the symbols of ELF files, gathered for one function table. */
#include "symbol/elfsyms.h"

#include "base/map.h"
#include "object/object.h"

void elfsyms_fini(struct elfsyms *symbols)
{
	symtab_builder_fini(&symbols->builder);
	for (size_t i = 0; i < symbols->n_strings; i++)
		buf_fini(&symbols->strings[i]);
	*symbols = (struct elfsyms){ 0 };
}

static struct view name_at(const struct buf *strings, uint32_t at)
{
	struct view name = { 0 };

	if (at < strings->len) {
		name.at = strings->at + at;
		name.len = strnlen(name.at,
			strings->len - at < SYMTAB_NAME_MAX ? strings->len - at : SYMTAB_NAME_MAX);
	}
	return name;
}

/* Compilers and assemblers mark places with such names: .annobin_…, .L…, $x. */
static bool is_marker(struct view name)
{
	return name.len == 0 || name.at[0] == '.' || name.at[0] == '$';
}

static enum symtab_binding binding_of(const Elf64_Sym *sym)
{
	switch (ELF64_ST_BIND(sym->st_info)) {
	case STB_LOCAL:
		return SYMTAB_LOCAL;
	case STB_WEAK:
		return SYMTAB_WEAK;
	default:
		return SYMTAB_GLOBAL;
	}
}

static void add_symbol(struct elfsyms *symbols, const struct object *object, const Elf64_Sym *sym,
	const struct buf *strings)
{
	unsigned type = ELF64_ST_TYPE(sym->st_info);
	const Elf64_Shdr *sections, *section;
	struct symtab_symbol new;
	size_t n_sections;

	sections = object_sections(object, &n_sections);
	if (sym->st_shndx == SHN_UNDEF || sym->st_shndx >= n_sections)
		return;
	if (type != STT_FUNC && type != STT_GNU_IFUNC && type != STT_NOTYPE)
		return;
	section = &sections[sym->st_shndx];
	if (!(section->sh_flags & SHF_EXECINSTR) || sym->st_value < section->sh_addr ||
		sym->st_value - section->sh_addr >= section->sh_size)
		return;
	new = (struct symtab_symbol){ .start = sym->st_value,
		.size = sym->st_size,
		.end_max = section->sh_addr + section->sh_size,
		.name = name_at(strings, sym->st_name),
		.kind = type == STT_NOTYPE ? SYMTAB_LABEL : SYMTAB_FUNCTION,
		.binding = binding_of(sym) };
	if (!is_marker(new.name))
		symtab_add(&symbols->builder, &new);
}

static int add_table(struct elfsyms *symbols, const struct object *object, const Elf64_Shdr *table,
	struct err *err)
{
	BUF_AUTO bytes = { 0 };
	struct buf *strings = &symbols->strings[symbols->n_strings];
	const Elf64_Shdr *sections;
	size_t n_sections;
	int rc;

	sections = object_sections(object, &n_sections);
	if (table->sh_link >= n_sections || table->sh_entsize != sizeof(Elf64_Sym))
		return err_set(
			err, ERR_CORRUPT, "%s: a symbol table without names", object_name(object));
	symbols->n_strings++;
	rc = object_read_section(object, &sections[table->sh_link], strings, err);
	if (rc == 0)
		rc = object_read_section(object, table, &bytes, err);
	if (rc < 0)
		return rc;
	for (size_t at = 0; at + sizeof(Elf64_Sym) <= bytes.len; at += sizeof(Elf64_Sym)) {
		Elf64_Sym sym;

		memcpy(&sym, bytes.at + at, sizeof(sym));
		add_symbol(symbols, object, &sym, strings);
	}
	return 0;
}

/* A full symbol table repeats all that is exported. */
static bool has_type(const struct object *object, uint32_t type)
{
	const Elf64_Shdr *sections;
	size_t n;

	sections = object_sections(object, &n);
	for (size_t i = 0; i < n; i++)
		if (sections[i].sh_type == type)
			return true;
	return false;
}

int elfsyms_add(struct elfsyms *symbols, const struct object *object, struct err *err)
{
	uint32_t type = has_type(object, SHT_SYMTAB) ? SHT_SYMTAB : SHT_DYNSYM;
	const Elf64_Shdr *sections;
	size_t n;
	int rc = 0;

	sections = object_sections(object, &n);
	for (size_t i = 0; rc == 0 && i < n && symbols->n_strings < ELFSYMS_TABLES_MAX; i++)
		if (sections[i].sh_type == type)
			rc = add_table(symbols, object, &sections[i], err);
	if (rc == 0 && type == SHT_SYMTAB)
		symbols->has_symtab = true;
	return rc;
}

/* Which function a slot of the GOT holds, by its relocation. */
struct slots {
	struct map symbol_of; /* slot address -> symbol number, plus one */
	struct buf symbols, strings;
};

static void slots_fini(struct slots *slots)
{
	map_fini(&slots->symbol_of);
	buf_fini(&slots->symbols);
	buf_fini(&slots->strings);
}

static void read_relocations(
	struct slots *slots, const struct object *object, const Elf64_Shdr *section)
{
	BUF_AUTO bytes = { 0 };

	if (object_read_section(object, section, &bytes, NULL) < 0)
		return;
	for (size_t at = 0; at + sizeof(Elf64_Rela) <= bytes.len; at += sizeof(Elf64_Rela)) {
		Elf64_Rela rela;
		uint64_t *slot;
		uint32_t type;

		memcpy(&rela, bytes.at + at, sizeof(rela));
		type = ELF64_R_TYPE(rela.r_info);
		if (type != R_X86_64_JUMP_SLOT && type != R_X86_64_GLOB_DAT)
			continue;
		slot = map_add(&slots->symbol_of, rela.r_offset, NULL);
		if (slot)
			*slot = ELF64_R_SYM(rela.r_info) + 1;
	}
}

static bool read_slots(struct slots *slots, const struct object *object)
{
	const Elf64_Shdr *sections, *table = NULL, *lazy, *other = NULL;
	size_t n;

	sections = object_sections(object, &n);
	for (size_t i = 0; i < n; i++)
		if (sections[i].sh_type == SHT_DYNSYM)
			table = &sections[i];
	if (!table || table->sh_link >= n ||
		object_read_section(object, table, &slots->symbols, NULL) < 0 ||
		object_read_section(object, &sections[table->sh_link], &slots->strings, NULL) < 0)
		return false;
	lazy = object_section(object, ".rela.plt");
	/* Large, so it is read only where some entries jump through the other slots. */
	if (object_section(object, ".plt.got"))
		other = object_section(object, ".rela.dyn");
	if (lazy)
		read_relocations(slots, object, lazy);
	if (other)
		read_relocations(slots, object, other);
	return true;
}

static struct view slot_name(const struct slots *slots, uint64_t address)
{
	const uint64_t *number = map_find(&slots->symbol_of, address);
	Elf64_Sym sym;

	if (!number || *number * sizeof(sym) > slots->symbols.len)
		return (struct view){ 0 };
	memcpy(&sym, slots->symbols.at + (*number - 1) * sizeof(sym), sizeof(sym));
	return name_at(&slots->strings, sym.st_name);
}

/* Every kind of PLT entry jumps through its slot: [endbr64] [bnd] jmp *offset(%rip). */
static uint64_t jump_slot(struct view entry, uint64_t address)
{
	size_t at = view_starts(entry, VIEW("\xf3\x0f\x1e\xfa")) ? 4 : 0;
	int32_t offset;

	if (at < entry.len && entry.at[at] == (char)0xf2)
		at++;
	if (at + 6 > entry.len || entry.at[at] != (char)0xff || entry.at[at + 1] != 0x25)
		return 0;
	memcpy(&offset, entry.at + at + 2, sizeof(offset));
	return address + at + 6 + (uint64_t)(int64_t)offset;
}

static void add_entry(
	struct elfsyms *symbols, const struct slots *slots, struct view entry, uint64_t address)
{
	struct view name = slot_name(slots, jump_slot(entry, address));
	struct buf text = { 0 };
	char *kept;

	if (name.len == 0)
		return;
	buf_add_view(&text, name);
	buf_add_text(&text, "@plt");
	kept = text.failed ? NULL : arena_copy(&symbols->builder.text, buf_view(&text));
	if (kept)
		symtab_add(&symbols->builder, &(struct symtab_symbol){ .start = address,
						      .size = entry.len,
						      .end_max = address + entry.len,
						      .name = { kept, text.len },
						      .kind = SYMTAB_FUNCTION });
	buf_fini(&text);
}

static void add_plt_section(struct elfsyms *symbols, const struct slots *slots,
	const struct object *object, const Elf64_Shdr *section)
{
	size_t size = section->sh_entsize == 8 ? 8 : 16;
	BUF_AUTO bytes = { 0 };

	if (object_read_section(object, section, &bytes, NULL) < 0)
		return;
	for (size_t at = 0; at + size <= bytes.len; at += size)
		add_entry(symbols, slots, (struct view){ bytes.at + at, size },
			section->sh_addr + at);
}

void elfsyms_add_plt(struct elfsyms *symbols, const struct object *object)
{
	static const char *const names[] = { ".plt", ".plt.sec", ".plt.got", ".plt.bnd" };
	struct slots slots = { 0 };

	if (read_slots(&slots, object))
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			const Elf64_Shdr *section = object_section(object, names[i]);

			if (section)
				add_plt_section(symbols, &slots, object, section);
		}
	slots_fini(&slots);
}
