/* debugelf: whether a file that somebody sends has names for a build. */
#include "debuginfo/debugelf.h"

#include "object/object.h"

bool debugelf_is_id(struct view text)
{
	if (text.len < 2 || text.len > DEBUGELF_ID_MAX || text.len % 2)
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (!(text.at[i] >= '0' && text.at[i] <= '9') &&
			!(text.at[i] >= 'a' && text.at[i] <= 'f'))
			return false;
	return true;
}

static int check_sections(const struct object *object, struct err *err)
{
	uint64_t size = object_size(object);
	size_t n;
	const Elf64_Shdr *sections = object_sections(object, &n);

	if (n == 0)
		return err_set(err, ERR_CORRUPT,
			"it has no sections: it was cut off, or all its names were stripped");
	for (size_t i = 0; i < n; i++)
		if (sections[i].sh_type != SHT_NOBITS && sections[i].sh_type != SHT_NULL &&
			(sections[i].sh_offset > size ||
				sections[i].sh_size > size - sections[i].sh_offset))
			return err_set(err, ERR_CORRUPT,
				"it was cut off: its section %zu ends past its %llu bytes", i,
				(unsigned long long)size);
	return 0;
}

static bool has_names(const struct object *object)
{
	static const char *const NAMES[] = { ".debug_info", ".zdebug_info", ".symtab", ".dynsym",
		".gopclntab", ".data.rel.ro.gopclntab", ".gnu_debugdata" };

	for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
		const Elf64_Shdr *section = object_section(object, NAMES[i]);

		if (section && section->sh_type != SHT_NOBITS && section->sh_size)
			return true;
	}
	return false;
}

static bool has_code(const struct object *object)
{
	size_t n;
	const Elf64_Shdr *sections = object_sections(object, &n);

	for (size_t i = 0; i < n; i++)
		if (sections[i].sh_type == SHT_PROGBITS && (sections[i].sh_flags & SHF_EXECINSTR) &&
			sections[i].sh_size)
			return true;
	return false;
}

int debugelf_check(const struct object *object, bool *ret_is_program, struct err *err)
{
	int rc = check_sections(object, err);

	if (rc < 0)
		return rc;
	if (object_build_id(object).len == 0)
		return err_set(err, ERR_CORRUPT, "it has no build id: link it with -Wl,--build-id");
	if (!has_names(object))
		return err_set(err, ERR_CORRUPT,
			"it names nothing: it has neither symbols nor debug information");
	*ret_is_program = has_code(object);
	return 0;
}

int debugelf_check_id(
	const struct object *object, struct view build_id, bool *ret_is_program, struct err *err)
{
	BUF_AUTO hex = { 0 };
	int rc = debugelf_check(object, ret_is_program, err);

	if (rc < 0)
		return rc;
	object_build_id_hex(object, &hex);
	if (!view_equal(buf_view(&hex), build_id))
		return err_set(err, ERR_CORRUPT, "its build id is %.*s, not %.*s", (int)hex.len,
			hex.at, (int)build_id.len, build_id.at);
	return 0;
}
