/* sig_heap_table: the sizes of the tables that sig_heap keeps, and the states of a slot. */
#ifndef INPROC_SIG_HEAP_TABLE_H
#define INPROC_SIG_HEAP_TABLE_H

#define SIG_HEAP_FILTER 65536
#define SIG_HEAP_BITS_MIN 12 /* of the slots of the first table, … */
#define SIG_HEAP_BITS_STEP 4 /* … more for each of the next, … */
#define SIG_HEAP_BITS_MAX 20 /* … of the last */
#define SIG_HEAP_BASE(bits) (((1u << (bits)) - (1u << SIG_HEAP_BITS_MIN)) / 15)
#define SIG_HEAP_SLOTS SIG_HEAP_BASE(SIG_HEAP_BITS_MAX + SIG_HEAP_BITS_STEP)
#define SIG_HEAP_RINGS 2
#define SIG_HEAP_BUCKET 8 /* slots in a cache line */
#define SIG_HEAP_BUCKETS_TRIED 4
#define SIG_HEAP_NO_SLOT UINT32_MAX
#define SIG_HEAP_GONE 1u
#define SIG_HEAP_MOVING 2u
#define SIG_HEAP_STATE 3u

#endif
