/* stubs: rows for code that neither a compiler nor a linker described. */
#include "unwind/stubs.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "bpf/unwind_abi.h"
#include "object/object.h"
#include "unwind/rowlist.h"
#include "unwind/ruleset.h"

#define STUBS_MAX 8
#define ENTRY_LEN 80 /* bytes; the longest is that of the dynamic loader, with 61 */
#define PLT_ENTRY 16
#define PLT_PUSHED 11 /* jmp (6 bytes), push (5), jmp (5) */

/* What the C library's start files put around .init and .fini: sub $8,%rsp … add $8,%rsp; ret. */
#define FRAME_BEGIN VIEW("\x48\x83\xec\x08")
#define FRAME_END VIEW("\x48\x83\xc4\x08\xc3")
#define FRAME_SECTION_MAX 4096
#define ENDBR VIEW("\xf3\x0f\x1e\xfa")

enum stub_kind { STUB_ENTRY, STUB_PLT, STUB_JUMPS, STUB_FRAME };

struct stub {
	uint64_t start, end;
	uint64_t inside; /* of STUB_FRAME: where 8 bytes more are on the stack */
	enum stub_kind kind;
};

static int by_start(const void *a, const void *b)
{
	const struct stub *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

static void add_rule(struct ruleset *rules, struct rowlist *rows, const struct stub *stub,
	uint64_t pc, int offset)
{
	struct unwind_rule rule = { .cfa = UNWIND_CFA_RSP, .offset = offset };

	if (pc >= stub->start && pc < stub->end)
		rowlist_add(rows, pc, ruleset_add(rules, &rule));
}

static void add_stub(struct ruleset *rules, struct rowlist *rows, struct stub stub)
{
	struct unwind_rule rule = { .cfa = UNWIND_CFA_END };
	uint64_t start = stub.start, end = stub.end;

	if (!rowlist_function(rows, &stub.start, &stub.end))
		return;
	switch (stub.kind) {
	case STUB_ENTRY:
		rowlist_add(rows, stub.start, ruleset_add(rules, &rule));
		break;
	case STUB_JUMPS:
		add_rule(rules, rows, &stub, stub.start, 8);
		break;
	case STUB_FRAME:
		add_rule(rules, rows, &stub, start, 8);
		add_rule(rules, rows, &stub, stub.inside, 16);
		add_rule(rules, rows, &stub, end - 1, 8);
		break;
	case STUB_PLT:
		/* The first entry is jumped to by the others, with one word pushed, and pushes
		 * another in its first instruction. */
		add_rule(rules, rows, &stub, start, 16);
		add_rule(rules, rows, &stub, start + 6, 24);
		rule = (struct unwind_rule){ .cfa = UNWIND_CFA_PLT, .offset = PLT_PUSHED };
		if (start + PLT_ENTRY >= stub.start && start + PLT_ENTRY < stub.end)
			rowlist_add(rows, start + PLT_ENTRY, ruleset_add(rules, &rule));
	}
}

/* One function, if the section is what it should be; else nothing is said about it. */
static bool find_frame(const struct object *object, const Elf64_Shdr *section, struct stub *ret)
{
	BUF_AUTO bytes = { 0 };
	struct view code;
	size_t begin;

	if (section->sh_size > FRAME_SECTION_MAX ||
		object_read_section(object, section, &bytes, NULL) < 0)
		return false;
	code = buf_view(&bytes);
	begin = view_starts(code, ENDBR) ? ENDBR.len : 0;
	if (code.len < begin + FRAME_BEGIN.len + FRAME_END.len || !view_ends(code, FRAME_END) ||
		memcmp(code.at + begin, FRAME_BEGIN.at, FRAME_BEGIN.len) != 0)
		return false;
	ret->inside = section->sh_addr + begin + FRAME_BEGIN.len;
	return true;
}

static size_t find_stubs(const struct object *object, const struct rowlist *known,
	struct stub stubs[static STUBS_MAX])
{
	static const struct {
		const char *name;
		enum stub_kind kind;
	} sections[] = {
		{ ".plt", STUB_PLT },
		{ ".plt.got", STUB_JUMPS },
		{ ".plt.sec", STUB_JUMPS },
		{ ".iplt", STUB_JUMPS },
		{ ".init", STUB_FRAME },
		{ ".fini", STUB_FRAME },
	};
	uint64_t entry = object_header(object)->e_entry;
	size_t count = 0;

	if (entry && rowlist_find(known, entry) == RULESET_NONE)
		stubs[count++] = (struct stub){
			.start = entry, .end = entry + ENTRY_LEN, .kind = STUB_ENTRY
		};
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		const Elf64_Shdr *section = object_section(object, sections[i].name);
		struct stub stub;

		if (!section || !(section->sh_flags & SHF_EXECINSTR) ||
			section->sh_addr + section->sh_size < section->sh_addr)
			continue;
		stub = (struct stub){ .start = section->sh_addr,
			.end = section->sh_addr + section->sh_size,
			.kind = sections[i].kind };
		if (stub.kind != STUB_FRAME || find_frame(object, section, &stub))
			stubs[count++] = stub;
	}
	qsort(stubs, count, sizeof(*stubs), by_start);
	return count;
}

void stubs_read(const struct object *object, const struct rowlist *known, struct ruleset *rules,
	struct rowlist *rows)
{
	struct stub stubs[STUBS_MAX];
	size_t count = find_stubs(object, known, stubs);

	for (size_t i = 0; i < count; i++)
		add_stub(rules, rows, stubs[i]);
	rowlist_finish(rows);
}
