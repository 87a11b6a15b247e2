/*
 * callnames: three formats of Pyroscope's that have only names of frames.
 *
 *     lines   one stack a line, root first, ";" between frames; the same again is one more
 *     tree    nodes in pre-order: varint length, name of the frame, varint self, varint children
 *     trie    the same, but a node's name is what it adds to the bytes of a line "a;b;c"
 *
 * The first node of tree and trie is the root and usually has no name. Each makes a profile of one
 * sample type, "samples" "count".
 */
#ifndef INGEST_CALLNAMES_H
#define INGEST_CALLNAMES_H

#include "base/err.h"
#include "base/view.h"

struct profile;

#define CALLNAMES_DEPTH_MAX ((size_t)64 << 10)
#define CALLNAMES_FRAMES_MAX ((size_t)2 << 20) /* of a tree or a trie */
#define CALLNAMES_NAME_MAX ((size_t)16 << 10)  /* bytes of a frame's name */

int callnames_lines(struct view text, struct profile *into, struct err *err);
int callnames_tree(struct view bytes, struct profile *into, struct err *err);
int callnames_trie(struct view bytes, struct profile *into, struct err *err);

#endif
