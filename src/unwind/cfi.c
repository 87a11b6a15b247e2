/* cfi: rows from an object's call frame information. */
#include "unwind/cfi.h"

#include <stdlib.h>

#include "base/map.h"
#include "base/vec.h"
#include "object/object.h"
#include "unwind/cfi_cursor.h"
#include "unwind/cfi_program.h"
#include "unwind/rowlist.h"
#include "unwind/ruleset.h"
#include "unwind/unwind_table.h"

#define CIES_MAX ((size_t)1 << 17)
#define FDES_MAX ((size_t)1 << 22)
#define CIE_LEN_MAX 4096u /* bytes; real ones have about 24 */
#define NO_CIE UINT32_MAX

enum {
	PE_ABSPTR = 0x00,
	PE_ULEB128 = 0x01,
	PE_UDATA2 = 0x02,
	PE_UDATA4 = 0x03,
	PE_UDATA8 = 0x04,
	PE_SLEB128 = 0x09,
	PE_SDATA2 = 0x0a,
	PE_SDATA4 = 0x0b,
	PE_SDATA8 = 0x0c,
	PE_PCREL = 0x10,
	PE_FORMAT = 0x0f,
	PE_APPLICATION = 0x70,
	PE_OMIT = 0xff,
};

struct fde {
	uint64_t start, end;
	uint32_t cie;          /* an index into section.cies */
	uint32_t instructions; /* an offset in the section */
	uint32_t len;
};

struct section {
	struct buf bytes; /* owned */
	uint64_t address; /* of its first byte */
	bool eh;          /* .eh_frame, not .debug_frame */
	bool with_rbx;
	bool unbounded; /* its end is not known: the terminator ends it */
	struct cfi_cie *cies;
	size_t n_cies, cap_cies;
	struct map cie_of; /* offset of a CIE to its index */
	struct fde *fdes;
	size_t n_fdes, cap_fdes;
	struct cfi_stats stats;
};

static void section_fini(struct section *s)
{
	buf_fini(&s->bytes);
	free(s->cies);
	free(s->fdes);
	map_fini(&s->cie_of);
}

/* An address as `encoding` has it; `base` is where the section lies in memory. */
static bool take_address(
	struct cfi_cursor *c, const struct section *s, uint8_t encoding, uint64_t *ret)
{
	uint64_t here = s->address + (uint64_t)((const char *)c->at - s->bytes.at);
	uint64_t value;

	switch (encoding & PE_FORMAT) {
	case PE_ABSPTR:
	case PE_UDATA8:
	case PE_SDATA8:
		value = cfi_fixed(c, 8);
		break;
	case PE_UDATA4:
		value = cfi_fixed(c, 4);
		break;
	case PE_SDATA4:
		value = (uint64_t)(int64_t)(int32_t)cfi_fixed(c, 4);
		break;
	case PE_UDATA2:
		value = cfi_fixed(c, 2);
		break;
	case PE_SDATA2:
		value = (uint64_t)(int64_t)(int16_t)cfi_fixed(c, 2);
		break;
	case PE_ULEB128:
		value = cfi_uleb(c);
		break;
	case PE_SLEB128:
		value = (uint64_t)cfi_sleb(c);
		break;
	default:
		return false;
	}
	if ((encoding & PE_APPLICATION) == PE_PCREL)
		value += here;
	else if (encoding & PE_APPLICATION)
		return false; /* relative to what only the loader knows */
	*ret = value;
	return !c->failed;
}

/* The letters after z say what its data holds, in the same order. */
static bool take_augmentation(
	struct cfi_cursor *c, const struct section *s, struct view letters, struct cfi_cie *cie)
{
	struct cfi_cursor data = cfi_cursor(cfi_bytes(c, cfi_uleb(c)));
	uint64_t personality;
	uint8_t encoding;

	for (size_t i = 1; i < letters.len && !data.failed; i++) {
		switch (letters.at[i]) {
		case 'R':
			cie->encoding = cfi_u8(&data);
			break;
		case 'P':
			encoding = cfi_u8(&data);
			if (!take_address(&data, s, encoding & PE_FORMAT, &personality))
				return false;
			break;
		case 'L':
			cfi_u8(&data);
			break;
		case 'S':
			cie->signal = true;
			break;
		case 'B': /* of other processors, without data */
		case 'G':
			break;
		default:
			return false;
		}
	}
	return !c->failed && !data.failed;
}

static bool parse_cie(struct cfi_cursor c, const struct section *s, struct cfi_cie *cie)
{
	uint8_t version = cfi_u8(&c);
	const uint8_t *zero = memchr(c.at, '\0', cfi_left(&c));
	struct view letters;
	uint64_t ra;

	if (!zero || (version != 1 && version != 3 && version != 4))
		return false;
	letters = view_between((const char *)c.at, (const char *)zero);
	c.at = zero + 1;
	if (version == 4 && (cfi_u8(&c) != 8 || cfi_u8(&c) != 0))
		return false; /* sizes of an address and of a segment selector */
	cie->code_align = cfi_uleb(&c);
	cie->data_align = cfi_sleb(&c);
	ra = version == 1 ? cfi_u8(&c) : cfi_uleb(&c);
	if (c.failed || ra != CFI_RA)
		return false;
	cie->encoding = PE_ABSPTR;
	if (letters.len && letters.at[0] == 'z') {
		cie->sized = true;
		if (!take_augmentation(&c, s, letters, cie))
			return false;
	} else if (letters.len) {
		return false;
	}
	cie->instructions = view_between((const char *)c.at, (const char *)c.end);
	return cfi_program_init(cie);
}

/* The bytes of the entry at `offset`, after its length; false at the end or on nonsense. An empty
 * entry is a terminator, of which a section may have several. */
static bool entry_at(
	const struct section *s, uint64_t offset, struct cfi_cursor *ret, bool *ret_wide)
{
	struct cfi_cursor c = { (const uint8_t *)s->bytes.at + offset,
		(const uint8_t *)s->bytes.at + s->bytes.len, false };
	uint64_t len = cfi_fixed(&c, 4);

	*ret_wide = len == UINT32_MAX;
	if (*ret_wide)
		len = cfi_fixed(&c, 8);
	if (c.failed || len > cfi_left(&c))
		return false;
	*ret = (struct cfi_cursor){ c.at, c.at + len, false };
	return true;
}

/* Of .eh_frame only 64-bit entries have 64-bit lengths, and ids never are. */
static unsigned id_size(const struct section *s, bool wide)
{
	return wide && !s->eh ? 8 : 4;
}

static bool is_cie(const struct section *s, uint64_t id, bool wide)
{
	if (s->eh)
		return id == 0;
	return id == (wide ? UINT64_MAX : UINT32_MAX);
}

/* The index of the CIE at `offset`, parsed at its first use; NO_CIE without memory. */
static uint32_t cie_at(struct section *s, uint64_t offset)
{
	bool is_new, wide;
	uint64_t *index = map_add(&s->cie_of, offset, &is_new);
	struct cfi_cursor c;
	struct cfi_cie *cie;

	if (!index)
		return NO_CIE;
	if (!is_new)
		return (uint32_t)*index;
	*index = s->n_cies;
	cie = s->n_cies < CIES_MAX ? VEC_ADD(s->cies, s->n_cies, s->cap_cies) : NULL;
	if (!cie)
		return NO_CIE;
	*cie = (struct cfi_cie){ .with_rbx = s->with_rbx };
	if (offset < s->bytes.len && entry_at(s, offset, &c, &wide) &&
		is_cie(s, cfi_fixed(&c, id_size(s, wide)), wide) && !c.failed)
		cie->usable = cfi_left(&c) <= CIE_LEN_MAX && parse_cie(c, s, cie);
	return (uint32_t)(s->n_cies - 1);
}

/* 0, ERR_LIMIT, or ERR_NOMEM; malformed ones are skipped and counted. */
static int add_fde(struct section *s, struct cfi_cursor c, uint64_t id_offset, uint64_t id)
{
	uint64_t offset = s->eh ? id_offset - id : id;
	uint32_t index = cie_at(s, offset);
	const struct cfi_cie *cie;
	struct fde fde, *added;

	if (index == NO_CIE)
		return s->n_cies == CIES_MAX ? ERR_LIMIT : ERR_NOMEM;
	cie = &s->cies[index];
	s->stats.functions++;
	fde.cie = index;
	if (!cie->usable || !take_address(&c, s, cie->encoding, &fde.start) ||
		!take_address(&c, s, cie->encoding & PE_FORMAT, &fde.end) ||
		__builtin_add_overflow(fde.start, fde.end, &fde.end)) {
		s->stats.bad++;
		return 0;
	}
	if (cie->sized)
		cfi_bytes(&c, cfi_uleb(&c));
	if (c.failed) {
		s->stats.bad++;
		return 0;
	}
	fde.instructions = (uint32_t)((const char *)c.at - s->bytes.at);
	fde.len = (uint32_t)cfi_left(&c);
	if (s->n_fdes == FDES_MAX)
		return ERR_LIMIT;
	added = VEC_ADD(s->fdes, s->n_fdes, s->cap_fdes);
	if (!added)
		return ERR_NOMEM;
	*added = fde;
	return 0;
}

static int collect(struct section *s)
{
	uint64_t offset = 0;
	struct cfi_cursor c;
	bool wide;
	int rc = 0;

	while (rc == 0 && offset < s->bytes.len && entry_at(s, offset, &c, &wide)) {
		uint64_t next = (uint64_t)((const char *)c.end - s->bytes.at);
		uint64_t id_offset = (uint64_t)((const char *)c.at - s->bytes.at);
		uint64_t id = cfi_fixed(&c, id_size(s, wide));

		if (c.failed && s->unbounded)
			break;
		if (!c.failed && !is_cie(s, id, wide))
			rc = add_fde(s, c, id_offset, id);
		offset = next;
	}
	return rc;
}

static int by_start(const void *a, const void *b)
{
	const struct fde *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

static void sort(struct section *s)
{
	for (size_t i = 1; i < s->n_fdes; i++)
		if (s->fdes[i].start < s->fdes[i - 1].start) {
			qsort(s->fdes, s->n_fdes, sizeof(*s->fdes), by_start);
			return;
		}
}

static void run(struct section *s, struct ruleset *rules, struct rowlist *rows)
{
	for (size_t i = 0; i < s->n_fdes && !rows->failed; i++) {
		const struct fde *fde = &s->fdes[i];
		struct cfi_function function = { { s->bytes.at + fde->instructions, fde->len },
			fde->start, fde->start, fde->end };

		if (!rowlist_function(rows, &function.start, &function.end))
			continue;
		if (!cfi_program_run(&s->cies[fde->cie], &function, rules, rows))
			s->stats.bad++;
	}
	rowlist_finish(rows);
}

static int load(const struct object *object, const Elf64_Shdr *header, struct section *s)
{
	if (header->sh_size > UNWIND_TABLE_SECTION_MAX)
		return ERR_LIMIT;
	s->bytes.max = UNWIND_TABLE_SECTION_MAX;
	s->address = header->sh_addr;
	return object_read_section(object, header, &s->bytes, NULL);
}

/* A file without sections still tells the loader's unwinder where .eh_frame begins. Where it ends,
 * only its terminator says. */
static int load_by_segment(const struct object *object, struct section *s)
{
	size_t count;
	const Elf64_Phdr *segments = object_segments(object, &count);
	BUF_AUTO head = { 0 };
	uint64_t offset, eh_frame, len;

	for (size_t i = 0; i < count; i++) {
		struct section hdr = { .address = segments[i].p_vaddr };
		struct cfi_cursor c;

		if (segments[i].p_type != PT_GNU_EH_FRAME ||
			object_read(object, segments[i].p_offset, 12, &head, NULL) < 0)
			continue;
		hdr.bytes = head;
		c = cfi_cursor(buf_view(&head));
		c.at += 4; /* version and encodings; the second byte is that of the address */
		if (!take_address(&c, &hdr, (uint8_t)head.at[1], &eh_frame) ||
			!object_vaddr_to_offset(object, eh_frame, &offset))
			continue;
		len = object_size(object) - offset;
		s->bytes.max = UNWIND_TABLE_SECTION_MAX;
		s->address = eh_frame;
		s->unbounded = true;
		return object_read(object, offset,
			len < UNWIND_TABLE_SECTION_MAX ? len : UNWIND_TABLE_SECTION_MAX, &s->bytes,
			NULL);
	}
	return ERR_NOT_FOUND;
}

/* Takes what `s` holds. */
static void add_stats(struct section *s, struct cfi_stats *stats)
{
	stats->functions += s->stats.functions;
	stats->bad += s->stats.bad;
	section_fini(s);
}

static int read_section(struct section *s, const struct object *object, const char *name,
	struct ruleset *rules, struct rowlist *rows)
{
	const Elf64_Shdr *header = object_section(object, name);
	int rc = ERR_NOT_FOUND;

	if (header)
		rc = load(object, header, s);
	else if (s->eh)
		rc = load_by_segment(object, s);
	if (rc == 0)
		rc = collect(s);
	if (rc == 0 && s->n_fdes == 0)
		rc = ERR_NOT_FOUND;
	if (rc < 0)
		return rc;
	sort(s);
	run(s, rules, rows);
	return 0;
}

int cfi_read(const struct object *object, struct cfi_options options, struct ruleset *rules,
	struct rowlist *rows, struct cfi_stats *ret)
{
	struct section s = { .eh = true, .with_rbx = options.with_rbx };
	int rc;

	*ret = (struct cfi_stats){ 0 };
	rc = read_section(&s, object, ".eh_frame", rules, rows);
	add_stats(&s, ret);
	if (options.debug_frame && (rc == ERR_NOT_FOUND || rc == ERR_CORRUPT)) {
		s = (struct section){ .with_rbx = options.with_rbx };
		rc = read_section(&s, object, ".debug_frame", rules, rows);
		add_stats(&s, ret);
	}
	return rc == 0 && rows->failed ? ERR_LIMIT : rc;
}
