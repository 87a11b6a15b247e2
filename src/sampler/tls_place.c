/* tls_place: where in its threads' static storage a process keeps the pointer otel_thread_ctx_v1.
 */
#include "sampler/tls_place.h"

#include <string.h>

#include "object/object.h"
#include "sampler/foreign_context.h"

#define NONE UINT32_MAX

static const Elf64_Shdr *section_of_type(const struct object *object, uint32_t type)
{
	size_t n;
	const Elf64_Shdr *sections = object_sections(object, &n);

	for (size_t i = 0; i < n; i++)
		if (sections[i].sh_type == type)
			return &sections[i];
	return NULL;
}

static int read_symbols(
	const struct object *object, struct buf *symbols, struct buf *names, struct err *err)
{
	const Elf64_Shdr *table = section_of_type(object, SHT_DYNSYM), *sections;
	size_t n;
	int rc;

	if (!table)
		return 0;
	sections = object_sections(object, &n);
	if (table->sh_link >= n)
		return err_set(
			err, ERR_CORRUPT, "%s: its symbols have no names", object_name(object));
	rc = object_read_section(object, table, symbols, err);
	return rc < 0 ? rc : object_read_section(object, &sections[table->sh_link], names, err);
}

static bool is_name(const struct buf *names, uint32_t at)
{
	return at < names->len && names->len - at >= sizeof(TLS_PLACE_SYMBOL) &&
	       memcmp(names->at + at, TLS_PLACE_SYMBOL, sizeof(TLS_PLACE_SYMBOL)) == 0;
}

/* The number of the symbol, if the file has it, its own or another's. */
static uint32_t find_symbol(
	const struct buf *symbols, const struct buf *names, Elf64_Sym *ret_symbol)
{
	for (size_t i = 0; i < symbols->len / sizeof(Elf64_Sym) && i < NONE; i++) {
		memcpy(ret_symbol, symbols->at + i * sizeof(Elf64_Sym), sizeof(Elf64_Sym));
		if (ELF64_ST_TYPE(ret_symbol->st_info) == STT_TLS &&
			is_name(names, ret_symbol->st_name))
			return (uint32_t)i;
	}
	return NONE;
}

/* The word of a relocation that names the symbol, or, if the linker bound it, its value. */
static bool word_in(
	const struct buf *relocations, uint32_t number, const Elf64_Sym *symbol, uint64_t *ret)
{
	for (size_t i = 0; i < relocations->len / sizeof(Elf64_Rela); i++) {
		Elf64_Rela rela;
		uint32_t type, named;

		memcpy(&rela, relocations->at + i * sizeof(rela), sizeof(rela));
		type = ELF64_R_TYPE(rela.r_info);
		named = (uint32_t)ELF64_R_SYM(rela.r_info);
		if (type != R_X86_64_TPOFF64 && type != R_X86_64_TLSDESC)
			continue;
		if (!(named == number && rela.r_addend == 0) &&
			!(named == 0 && (uint64_t)rela.r_addend == symbol->st_value))
			continue;
		*ret = rela.r_offset + (type == R_X86_64_TLSDESC ? 8 : 0);
		return true;
	}
	return false;
}

static int find_word(const struct object *object, uint32_t number, const Elf64_Sym *symbol,
	struct tls_place *ret, struct err *err)
{
	size_t n;
	const Elf64_Shdr *sections = object_sections(object, &n);
	int rc = 0;

	for (size_t i = 0; rc == 0 && ret->kind == TLS_PLACE_NONE && i < n; i++) {
		BUF_AUTO relocations = { 0 };

		if (sections[i].sh_type != SHT_RELA || !(sections[i].sh_flags & SHF_ALLOC))
			continue;
		rc = object_read_section(object, &sections[i], &relocations, err);
		if (rc == 0 && word_in(&relocations, number, symbol, &ret->word))
			ret->kind = TLS_PLACE_WORD;
	}
	return rc;
}

/* The program's TLS lies right below the thread pointer. */
static void place_of_program(
	const struct object *object, const Elf64_Sym *symbol, struct tls_place *ret)
{
	size_t n;
	const Elf64_Phdr *segments = object_segments(object, &n);

	for (size_t i = 0; i < n; i++) {
		uint64_t align = segments[i].p_align ? segments[i].p_align : 1, size;

		if (segments[i].p_type != PT_TLS || (align & (align - 1)) ||
			segments[i].p_memsz > TLS_PLACE_FAR || align > TLS_PLACE_FAR)
			continue;
		size = (segments[i].p_memsz + align - 1) & ~(align - 1);
		ret->offset = (int64_t)symbol->st_value - (int64_t)size;
		if (symbol->st_value <= size)
			ret->kind = TLS_PLACE_PROGRAM;
		return;
	}
}

/* A program is loaded where it says, or says that it can be loaded anywhere. */
static bool is_program(const struct object *object)
{
	const Elf64_Shdr *section = section_of_type(object, SHT_DYNAMIC);
	BUF_AUTO dynamic = { 0 };

	if (object_header(object)->e_type == ET_EXEC)
		return true;
	if (!section || object_read_section(object, section, &dynamic, NULL) < 0)
		return false;
	for (size_t i = 0; i < dynamic.len / sizeof(Elf64_Dyn); i++) {
		Elf64_Dyn entry;

		memcpy(&entry, dynamic.at + i * sizeof(entry), sizeof(entry));
		if (entry.d_tag == DT_FLAGS_1)
			return entry.d_un.d_val & DF_1_PIE;
	}
	return false;
}

int tls_place_find(const struct object *object, struct tls_place *ret, struct err *err)
{
	BUF_AUTO symbols = { 0 };
	BUF_AUTO names = { 0 };
	Elf64_Sym symbol;
	uint32_t number;
	int rc = read_symbols(object, &symbols, &names, err);

	*ret = (struct tls_place){ 0 };
	if (rc < 0)
		return rc;
	number = find_symbol(&symbols, &names, &symbol);
	if (number == NONE)
		return 0;
	rc = find_word(object, number, &symbol, ret, err);
	if (rc == 0 && ret->kind == TLS_PLACE_NONE && symbol.st_shndx != SHN_UNDEF &&
		is_program(object))
		place_of_program(object, &symbol, ret);
	return rc;
}

bool tls_place_offset(const struct tls_place *place, pid_t pid, uint64_t bias, int64_t *ret_offset)
{
	*ret_offset = place->offset;
	if (place->kind == TLS_PLACE_WORD &&
		!foreign_context_peek(pid, place->word + bias, ret_offset, sizeof(*ret_offset)))
		return false;
	return place->kind != TLS_PLACE_NONE && *ret_offset < 0 && *ret_offset > -TLS_PLACE_FAR &&
	       *ret_offset % (int64_t)sizeof(void *) == 0;
}
