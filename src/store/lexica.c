/* lexica: the dictionaries in use. */
#include "store/lexica.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/vec.h"
#include "store/rocks_keys.h"

void lexica_init(struct lexica *lexica, size_t bytes_max)
{
	*lexica = (struct lexica){ .bytes_max = bytes_max };
	pthread_mutex_init(&lexica->lock, NULL);
}

void lexica_forget(struct lexica *lexica)
{
	pthread_mutex_lock(&lexica->lock);
	for (size_t i = 0; i < lexica->n; i++) {
		dictionary_unref(lexica->at[i]->dictionary);
		lexica->at[i]->dictionary = NULL;
		lexica->at[i]->is_saving = false;
	}
	pthread_mutex_unlock(&lexica->lock);
}

void lexica_fini(struct lexica *lexica)
{
	lexica_forget(lexica);
	for (size_t i = 0; i < lexica->n; i++)
		free(lexica->at[i]);
	free(lexica->at);
	strings_fini(&lexica->keys);
	pthread_mutex_destroy(&lexica->lock);
}

static void put_text(struct buf *out, struct view text)
{
	buf_add_char(out, (char)(text.len >> 8));
	buf_add_char(out, (char)text.len);
	buf_add_view(out, text);
}

void lexica_key(const struct lexica_name *name, struct buf *out)
{
	uint32_t week = htobe32(name->week);

	buf_add(out, &week, sizeof(week));
	put_text(out, name->tenant);
	put_text(out, name->service);
}

static int no_memory(struct err *err)
{
	return err_set(err, ERR_NOMEM, "out of memory");
}

/* ---- reading ---- */

static int replay(struct lexicon *lexicon, struct rocks *rocks, struct view key, struct err *err)
{
	struct rocks_range range = { .family = ROCKS_DICTIONARY,
		.prefix = { key.at, key.len < 32 ? key.len : 32 } };
	struct rocks_walk walk;
	int rc = 0;

	rocks_walk_init(&walk, rocks, &range);
	rocks_walk_seek(&walk, key);
	while (rc == 0 && rocks_walk_next(&walk) && view_starts(walk.key, key) &&
		walk.key.len == key.len + 4) {
		rc = dictionary_replay(lexicon->dictionary, walk.value, err);
		lexicon->n_deltas = rocks_key_get_u32(walk.key, key.len) + 1;
	}
	if (rc == 0)
		rc = rocks_walk_check(&walk, err);
	rocks_walk_fini(&walk);
	return rc;
}

static int load(struct lexicon *lexicon, struct rocks *rocks, struct view key, struct err *err)
{
	int rc;

	lexicon->n_deltas = 0;
	lexicon->dictionary = dictionary_new(hash_keyed_view(key), DICTIONARY_NODES_MAX);
	if (!lexicon->dictionary)
		return no_memory(err);
	rc = replay(lexicon, rocks, key, err);
	if (rc == 0) {
		dictionary_mark(lexicon->dictionary, &lexicon->saved);
		return 0;
	}
	dictionary_unref(lexicon->dictionary);
	lexicon->dictionary = NULL;
	return rc;
}

static struct lexicon *find(struct lexica *lexica, struct view key)
{
	uint32_t id = strings_add(&lexica->keys, key);
	struct lexicon **added;

	if (id == STRINGS_NONE)
		return NULL;
	if (id <= lexica->n)
		return lexica->at[id - 1];
	added = VEC_ADD(lexica->at, lexica->n, lexica->cap);
	if (!added)
		return NULL;
	*added = calloc(1, sizeof(**added));
	if (!*added) {
		lexica->n--;
		return NULL;
	}
	(*added)->key = id;
	return *added;
}

static bool is_idle(const struct lexicon *lexicon)
{
	struct dictionary_mark now;

	if (!lexicon->dictionary || dictionary_is_shared(lexicon->dictionary))
		return false;
	dictionary_mark(lexicon->dictionary, &now);
	return dictionary_mark_equal(&now, &lexicon->saved);
}

static struct lexicon *oldest(struct lexica *lexica)
{
	struct lexicon *found = NULL;

	for (size_t i = 0; i < lexica->n; i++)
		if (is_idle(lexica->at[i]) && (!found || lexica->at[i]->used < found->used))
			found = lexica->at[i];
	return found;
}

static void trim(struct lexica *lexica)
{
	lexica->bytes = 0;
	for (size_t i = 0; i < lexica->n; i++)
		if (lexica->at[i]->dictionary)
			lexica->bytes += dictionary_bytes(lexica->at[i]->dictionary);
	while (lexica->bytes > lexica->bytes_max) {
		struct lexicon *lexicon = oldest(lexica);

		if (!lexicon)
			break;
		lexica->bytes -= dictionary_bytes(lexicon->dictionary);
		dictionary_unref(lexicon->dictionary);
		lexicon->dictionary = NULL;
	}
}

size_t lexica_trim(struct lexica *lexica)
{
	size_t bytes;

	pthread_mutex_lock(&lexica->lock);
	trim(lexica);
	bytes = lexica->bytes;
	pthread_mutex_unlock(&lexica->lock);
	return bytes;
}

/* A dictionary that was read needs room. */
static int load_and_trim(struct lexica *lexica, struct lexicon *lexicon, struct rocks *rocks,
	struct view key, struct err *err)
{
	int rc = load(lexicon, rocks, key, err);

	if (rc < 0)
		return rc;
	lexica->n_loads++;
	lexica->bytes += dictionary_bytes(lexicon->dictionary);
	dictionary_ref(lexicon->dictionary); /* it is not the one to go */
	if (lexica->bytes > lexica->bytes_max)
		trim(lexica);
	dictionary_unref(lexicon->dictionary);
	return 0;
}

int lexica_get(struct lexica *lexica, struct rocks *rocks, const struct lexica_name *name,
	struct lexicon **ret, struct err *err)
{
	BUF_AUTO key = { 0 };
	struct lexicon *lexicon;
	int rc = 0;

	lexica_key(name, &key);
	if (key.failed)
		return no_memory(err);
	pthread_mutex_lock(&lexica->lock);
	lexicon = find(lexica, buf_view(&key));
	if (!lexicon)
		rc = no_memory(err);
	else if (!lexicon->dictionary)
		rc = load_and_trim(lexica, lexicon, rocks, buf_view(&key), err);
	if (rc == 0) {
		lexicon->used = ++lexica->clock;
		dictionary_ref(lexicon->dictionary);
		*ret = lexicon;
	}
	pthread_mutex_unlock(&lexica->lock);
	return rc;
}

/* ---- writing ---- */

static void put_delta(struct lexica *lexica, struct rocks *rocks, struct lexicon *lexicon,
	rocksdb_writebatch_t *batch, const struct buf *delta)
{
	BUF_AUTO key = { 0 };
	uint32_t number = htobe32(lexicon->n_deltas);

	buf_add_view(&key, strings_at(&lexica->keys, lexicon->key));
	buf_add(&key, &number, sizeof(number));
	rocks_put(rocks, batch, ROCKS_DICTIONARY, buf_view(&key), buf_view(delta));
}

int lexica_save(struct lexica *lexica, struct rocks *rocks, struct lexicon *lexicon,
	rocksdb_writebatch_t *batch, struct err *err)
{
	BUF_AUTO delta = { 0 };
	struct dictionary_mark now;

	if (lexicon->is_saving)
		return 0;
	dictionary_mark(lexicon->dictionary, &now);
	if (dictionary_mark_equal(&now, &lexicon->saved))
		return 0;
	lexicon->saving = lexicon->saved;
	dictionary_delta(lexicon->dictionary, &lexicon->saving, &delta);
	if (delta.failed)
		return no_memory(err);
	pthread_mutex_lock(&lexica->lock);
	put_delta(lexica, rocks, lexicon, batch, &delta);
	lexicon->is_saving = true;
	pthread_mutex_unlock(&lexica->lock);
	return 0;
}

void lexica_saved(struct lexica *lexica, bool is_written)
{
	pthread_mutex_lock(&lexica->lock);
	for (size_t i = 0; i < lexica->n; i++) {
		struct lexicon *lexicon = lexica->at[i];

		if (lexicon->is_saving && is_written) {
			lexicon->saved = lexicon->saving;
			lexicon->n_deltas++;
		}
		lexicon->is_saving = false;
	}
	pthread_mutex_unlock(&lexica->lock);
}

/* ---- letting go ---- */

/* The first key after all that begin so. */
static void put_end(struct buf *key)
{
	while (key->len > 0 && (uint8_t)key->at[key->len - 1] == 0xff)
		key->len--;
	if (key->len > 0)
		key->at[key->len - 1]++;
}

/* Those that stay get new numbers, so that nothing is left of the others. Without memory these stay
 * too, empty. */
static void remove_all_of(struct lexica *lexica, struct view from)
{
	struct strings keys = { 0 };
	bool ok = true;
	size_t n = 0;

	for (size_t i = 0; ok && i < lexica->n; i++) {
		struct view key = strings_at(&lexica->keys, lexica->at[i]->key);

		ok = view_starts(key, from) || strings_add(&keys, key) != STRINGS_NONE;
	}
	for (size_t i = 0; i < lexica->n; i++) {
		struct lexicon *lexicon = lexica->at[i];
		bool goes = view_starts(strings_at(&lexica->keys, lexicon->key), from);

		if (goes) {
			dictionary_unref(lexicon->dictionary);
			lexicon->dictionary = NULL;
		}
		if (goes && ok) {
			free(lexicon);
			continue;
		}
		lexica->at[n++] = lexicon;
		if (ok)
			lexicon->key = (uint32_t)n;
	}
	lexica->n = n;
	strings_fini(ok ? &lexica->keys : &keys);
	if (ok)
		lexica->keys = keys;
}

void lexica_drop(struct lexica *lexica, struct rocks *rocks, uint32_t week,
	const struct view *tenant, rocksdb_writebatch_t *batch)
{
	BUF_AUTO from = { 0 }, to = { 0 };
	uint32_t number = htobe32(week);

	buf_add(&from, &number, sizeof(number));
	if (tenant)
		put_text(&from, *tenant);
	buf_add_view(&to, buf_view(&from));
	if (from.failed || to.failed)
		return; /* they go with their week, if it is not this one */
	put_end(&to);
	rocks_delete_range(rocks, batch, ROCKS_DICTIONARY, buf_view(&from), buf_view(&to));
	pthread_mutex_lock(&lexica->lock);
	remove_all_of(lexica, buf_view(&from));
	pthread_mutex_unlock(&lexica->lock);
}
