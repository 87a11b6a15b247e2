/* dictionary_tables: what a dictionary is made of, for its own files. */
#ifndef STORE_DICTIONARY_TABLES_H
#define STORE_DICTIONARY_TABLES_H

#include <pthread.h>
#include <stdatomic.h>

#include "model/intern.h"
#include "store/dictionary_known.h"
#include "store/dictionary_write.h"

struct store_dictionary {
	uint64_t id;
	atomic_uint refs;
	size_t nodes_max;
	pthread_rwlock_t *lock; /* owned; of what follows, but for reading nodes below n_nodes */
	struct profile *tables; /* owned; its stacks are the nodes, its locations the frames */
	struct intern frames;   /* of the locations, by content */
	struct dictionary_known known;
	atomic_size_t n_nodes;
	uint32_t lost; /* the frame of stacks that are known no more; PROFILE_NONE = there are none
			*/
};

/* A location of the pass' profile in the dictionary's tables, added if it was not there; the lock
 * is held for writing. PROFILE_NONE without memory. */
uint32_t dictionary_tables_frame(struct dictionary_pass *pass, uint32_t location);

/* Nodes up to `n_nodes` that are all the stack of the lost frame; there is room for them. */
void dictionary_tables_lose(struct store_dictionary *dictionary, size_t n_nodes);

/* Names a frame that the tables have got, so that it is found by content. */
bool dictionary_tables_name(struct store_dictionary *dictionary, uint32_t frame);

#endif
