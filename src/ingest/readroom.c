/* readroom: memory for profiles while they are read. */
#include "ingest/readroom.h"

#include <malloc.h>
#include <time.h>

#include "base/clock.h"

#define MIB ((size_t)1 << 20)
#define SECOND_NS UINT64_C(1000000000)
#define WAIT_S 10
#define LOOK_EVERY_MS 50 /* whether the lender has enough now */
/* By what the server's memory grew by, profiles of one kind or another. */
#define BYTE_COST 3   /* unpacked, in the profile, in the dictionary */
#define ENTRY_COST 80 /* of a table */
#define FRAME_COST 96 /* a node of the profile's tree and the dictionary's, and what finds it */

void readroom_init(struct readroom *room, size_t bytes_max, struct budget_pool *lender)
{
	pthread_condattr_t how;

	*room = (struct readroom){ .bytes_max = bytes_max, .lender = lender };
	pthread_mutex_init(&room->lock, NULL);
	pthread_condattr_init(&how);
	pthread_condattr_setclock(&how, CLOCK_MONOTONIC);
	pthread_cond_init(&room->moved, &how);
	pthread_condattr_destroy(&how);
}

void readroom_fini(struct readroom *room)
{
	pthread_mutex_destroy(&room->lock);
	pthread_cond_destroy(&room->moved);
}

/* Whoever has something of the lender's is alone in the room. */
static bool take(struct readroom_seat *seat, size_t bytes)
{
	struct readroom *room = seat->room;
	bool is_alone = room->bytes == seat->bytes;

	if (room->bytes + bytes > room->bytes_max + (is_alone ? seat->of_lender : 0))
		return false;
	room->bytes += bytes;
	seat->bytes += bytes;
	return true;
}

static size_t beyond(const struct readroom_seat *seat, size_t bytes)
{
	size_t has = seat->room->bytes_max + seat->of_lender;

	return seat->bytes + bytes > has ? seat->bytes + bytes - has : 0;
}

/* False when it is late: after that. */
static bool wait_until(struct readroom *room, uint64_t end_ns, uint64_t look_ns)
{
	uint64_t now_ns = clock_monotonic_ns();
	uint64_t until_ns = now_ns + look_ns < end_ns ? now_ns + look_ns : end_ns;
	struct timespec until = { (time_t)(until_ns / SECOND_NS), (long)(until_ns % SECOND_NS) };

	if (now_ns >= end_ns)
		return false;
	pthread_cond_timedwait(&room->moved, &room->lock, &until);
	return true;
}

/* Until answers have given back what is claimed. The room goes on meanwhile. */
static bool claim(struct readroom_seat *seat, size_t bytes, uint64_t end_ns)
{
	struct readroom *room = seat->room;
	bool has;

	while (room->has_claimant)
		if (!wait_until(room, end_ns, SECOND_NS))
			return false;
	room->has_claimant = true;
	budget_claim(room->lender, bytes);
	while (!(has = budget_is_within(room->lender)))
		if (!wait_until(room, end_ns, LOOK_EVERY_MS * (SECOND_NS / 1000)))
			break;
	room->has_claimant = false;
	pthread_cond_broadcast(&room->moved);
	if (has)
		seat->of_lender += bytes;
	else
		budget_return(room->lender, bytes);
	return has;
}

/* Whoever is first waits for room, the others for him. */
static bool wait_and_take(struct readroom_seat *seat, size_t bytes)
{
	struct readroom *room = seat->room;
	uint64_t end_ns = clock_monotonic_ns() + WAIT_S * SECOND_NS;
	bool has;

	if (beyond(seat, bytes) && !claim(seat, beyond(seat, bytes), end_ns))
		return false;
	while (room->has_first)
		if (!wait_until(room, end_ns, SECOND_NS))
			return false;
	room->has_first = true;
	while (!(has = take(seat, bytes)))
		if (!wait_until(room, end_ns, SECOND_NS))
			break;
	room->has_first = false;
	pthread_cond_broadcast(&room->moved);
	return has;
}

/* Whoever has some waits for nobody, as the first may wait for that. */
static bool take_more(struct readroom_seat *seat, size_t bytes)
{
	size_t of_lender = beyond(seat, bytes);

	if (of_lender && (!seat->room->lender || !budget_lend(seat->room->lender, of_lender)))
		return false;
	seat->of_lender += of_lender;
	return take(seat, bytes);
}

static size_t most(const struct readroom *room)
{
	return room->bytes_max + (room->lender ? room->lender->bytes_max : 0);
}

size_t readroom_cost(size_t unpacked_bytes, const struct census *census)
{
	return unpacked_bytes * BYTE_COST + census->entries * ENTRY_COST +
	       census->frames * FRAME_COST;
}

int readroom_take(struct readroom_seat *seat, size_t unpacked_bytes, const struct census *census,
	struct refusal *refusal)
{
	struct readroom *room = seat->room;
	size_t bytes = readroom_cost(unpacked_bytes, census);
	bool has;

	if (!room || !room->bytes_max)
		return 0;
	if (seat->bytes + bytes > most(room))
		return refusal_set(refusal, 413,
			"%zu MiB of profiles, unpacked, take about %zu MiB while they are read, "
			"and the setting memory leaves %zu for that: send less at once, or raise "
			"memory",
			unpacked_bytes / MIB, (seat->bytes + bytes) / MIB, most(room) / MIB);
	pthread_mutex_lock(&room->lock);
	has = seat->bytes ? take_more(seat, bytes) : wait_and_take(seat, bytes);
	pthread_mutex_unlock(&room->lock);
	if (has && seat->of_lender)
		malloc_trim(0); /* what malloc keeps is of the memory, too */
	if (has)
		return 0;
	refusal_set(refusal, 503,
		"profiles that are being read take all of the %zu MiB that the setting memory "
		"leaves for that: try again",
		most(room) / MIB);
	refusal->retry_after_s = 1;
	return ERR_USAGE;
}

void readroom_leave(struct readroom_seat *seat)
{
	struct readroom *room = seat->room;

	if (room && seat->of_lender) {
		malloc_trim(0);
		budget_return(room->lender, seat->of_lender);
	}
	if (room && seat->bytes) {
		pthread_mutex_lock(&room->lock);
		room->bytes -= seat->bytes;
		pthread_cond_broadcast(&room->moved);
		pthread_mutex_unlock(&room->lock);
	}
	seat->bytes = seat->of_lender = 0;
}

size_t readroom_taken(struct readroom *room)
{
	size_t bytes;

	pthread_mutex_lock(&room->lock);
	bytes = room->bytes;
	pthread_mutex_unlock(&room->lock);
	return bytes;
}
