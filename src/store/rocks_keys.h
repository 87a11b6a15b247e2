/*
 * rocks_keys: the keys of a store in RocksDB. All numbers big-endian, so that they sort.
 *
 *     samples     day:4 'B' series:4 bucket:4      block of five minutes
 *                 day:4 'H' series:4 hour:4        roll-up of an hour's blocks
 *                 day:4 'A' series:4               what the series is, once more
 *     rows        day:4 series:4 begin:8 id:8      block of one profile, not folded yet
 *     dictionary  week:4 length:2 tenant length:2 service number:4    delta
 *     default     'S' series:4                     what the series is
 *                 'D' day:4                        the series of the day (roaring bitmap)
 *                 'U' day:4 series:4 hour:4        an hour that is not rolled up
 */
#ifndef STORE_ROCKS_KEYS_H
#define STORE_ROCKS_KEYS_H

#include <endian.h>
#include <string.h>

#include "base/view.h"
#include "store/store_impl.h"

#define ROCKS_BUCKET_NS ((int64_t)300 * 1000000000)
#define ROCKS_HOUR_NS ((int64_t)3600 * 1000000000)
#define ROCKS_DAY_HOURS 24
#define ROCKS_HOUR_BUCKETS 12

struct rocks_key {
	uint8_t at[24];
	size_t len;
};

static inline struct view rocks_key_view(const struct rocks_key *key)
{
	return (struct view){ (const char *)key->at, key->len };
}

static inline void rocks_key_u32(struct rocks_key *key, uint32_t number)
{
	number = htobe32(number);
	memcpy(key->at + key->len, &number, 4);
	key->len += 4;
}

static inline void rocks_key_u64(struct rocks_key *key, uint64_t number)
{
	number = htobe64(number);
	memcpy(key->at + key->len, &number, 8);
	key->len += 8;
}

static inline uint32_t rocks_key_get_u32(struct view key, size_t at)
{
	uint32_t number = 0;

	if (key.len >= at + 4)
		memcpy(&number, key.at + at, 4);
	return be32toh(number);
}

static inline uint64_t rocks_key_get_u64(struct view key, size_t at)
{
	uint64_t number = 0;

	if (key.len >= at + 8)
		memcpy(&number, key.at + at, 8);
	return be64toh(number);
}

static inline uint32_t rocks_bucket_of(int64_t time_ns)
{
	return (uint32_t)(time_ns / ROCKS_BUCKET_NS);
}

static inline uint32_t rocks_hour_of_bucket(uint32_t bucket)
{
	return bucket / ROCKS_HOUR_BUCKETS;
}

static inline uint32_t rocks_day_of_hour(uint32_t hour)
{
	return hour / ROCKS_DAY_HOURS;
}

static inline uint32_t rocks_day_of_bucket(uint32_t bucket)
{
	return rocks_day_of_hour(rocks_hour_of_bucket(bucket));
}

/* Of the samples: which is 'B' or 'H', slot the bucket or the hour. */
static inline struct rocks_key rocks_key_block(
	uint32_t day, char which, uint32_t series, uint32_t slot)
{
	struct rocks_key key = { .len = 0 };

	rocks_key_u32(&key, day);
	key.at[key.len++] = (uint8_t)which;
	rocks_key_u32(&key, series);
	rocks_key_u32(&key, slot);
	return key;
}

static inline struct rocks_key rocks_key_about(uint32_t day, uint32_t series)
{
	struct rocks_key key = rocks_key_block(day, 'A', series, 0);

	key.len -= 4;
	return key;
}

/* The same without its slot: a prefix. */
static inline struct rocks_key rocks_key_blocks(uint32_t day, char which, uint32_t series)
{
	struct rocks_key key = rocks_key_block(day, which, series, 0);

	key.len -= 4;
	return key;
}

static inline struct rocks_key rocks_key_row(uint32_t series, int64_t begin_ns, uint64_t id)
{
	struct rocks_key key = { .len = 0 };

	rocks_key_u32(&key, store_day(begin_ns));
	rocks_key_u32(&key, series);
	rocks_key_u64(&key, (uint64_t)begin_ns);
	rocks_key_u64(&key, id);
	return key;
}

static inline struct rocks_key rocks_key_index(char which, uint32_t number)
{
	struct rocks_key key = { .len = 0 };

	key.at[key.len++] = (uint8_t)which;
	rocks_key_u32(&key, number);
	return key;
}

static inline struct rocks_key rocks_key_unrolled(uint32_t series, uint32_t hour)
{
	struct rocks_key key = rocks_key_index('U', rocks_day_of_hour(hour));

	rocks_key_u32(&key, series);
	rocks_key_u32(&key, hour);
	return key;
}

#endif
