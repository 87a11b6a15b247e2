/*
 * jitdump: the binary record of generated code that JIT compilers write for perf.
 *
 *     header   magic "JiTD" u32, version 1 u32, header size u32, machine u32, pad u32, pid u32,
 *              time u64, flags u64
 *     record   id u32, total size u32, time u64, then by id:
 *       0 load   pid u32, tid u32, vma u64, address u64, size u64, index u64, name\0, code bytes
 *       1 move   pid u32, tid u32, vma u64, old address u64, new address u64, size u64, index u64
 *       2 lines  address u64, count u64, count times { address u64, line i32, column i32, file\0 };
 *                they belong to the next load; a file of "\xff" is the one before
 *       3 close, 4 unwinding: not needed here
 *
 * Format: tools/perf/Documentation/jitdump-specification.txt of Linux. Records are taken in the
 * order of the file, which is the order of time. Hostile: all sizes are checked against what is
 * there; a record that does not fit its own size ends the reading.
 */
#ifndef SYMBOL_JITDUMP_H
#define SYMBOL_JITDUMP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/map.h"
#include "base/view.h"

#define JITDUMP_RECORD_HEAD_MAX ((size_t)1 << 20) /* of a record, only so much is looked at */

struct codetable;

struct jitdump {
	uint64_t offset;     /* of the next record to read; 0 = the header comes first */
	bool broken;         /* not a jitdump, or no sense in it from here on */
	struct map entry_of; /* code index -> entry in the table, plus one */
};

void jitdump_fini(struct jitdump *dump);

/*
 * Reads records from `bytes`, which begin at dump->offset of the file; `more` says that the file
 * goes on after them. Adds to dump->offset what was read, which may be past the end of `bytes`:
 * code itself is never looked at. Returns false when nothing could be read.
 */
bool jitdump_parse(struct jitdump *dump, struct view bytes, bool more, struct codetable *into);

#endif
