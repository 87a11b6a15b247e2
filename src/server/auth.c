/* auth: tokens by their hash, passwords by crypt(3). */
#include "server/auth.h"

#include <crypt.h>
#include <gnutls/crypto.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "wire/base64.h"

#define HASH_LEN 32u
#define HEADER_MAX 4096u
#define REMEMBERED 64u /* passwords, a slot each by their hash */
#define SALT_LEN 16u

/* bcrypt with its usual cost: what the password of somebody unknown is compared with. */
#define NOBODY "$2b$10$CwTycUXWue0Thq9StjUM0ugX.1P7s1BlOxnt6m8Aj2H3BsgBKmIdu"

struct remembered {
	uint8_t hash[HASH_LEN];
	size_t who; /* plus one; 0 = free */
};

struct auth {
	struct auth_credential *known; /* owned, as are its texts */
	uint8_t (*token)[HASH_LEN];    /* of each that is a token */
	size_t n;
	uint8_t salt[SALT_LEN];
	pthread_mutex_t lock; /* of what follows */
	struct remembered remembered[REMEMBERED];
	unsigned hashing;
};

unsigned auth_scope(struct view word)
{
	return view_equal(word, VIEW("ingest"))  ? AUTH_INGEST
	       : view_equal(word, VIEW("query")) ? AUTH_QUERY
	       : view_equal(word, VIEW("admin")) ? AUTH_ADMIN
						 : 0;
}

static bool same(const void *a, const void *b, size_t len)
{
	return gnutls_memcmp(a, b, len) == 0; /* in constant time */
}

static bool is_token(const struct auth_credential *who)
{
	return who->kind != AUTH_PASSWORD;
}

static bool take_hash(const char *hex, uint8_t *ret)
{
	gnutls_datum_t text = { (unsigned char *)hex, (unsigned)strlen(hex) };
	size_t len = HASH_LEN;

	return text.size == 2 * HASH_LEN && gnutls_hex_decode(&text, ret, &len) == 0 &&
	       len == HASH_LEN;
}

static int check_secret(struct auth *auth, size_t i, struct err *err)
{
	const struct auth_credential *who = &auth->known[i];

	if (who->kind == AUTH_TOKEN_ITSELF)
		return gnutls_hash_fast(GNUTLS_DIG_SHA256, who->secret, strlen(who->secret),
			       auth->token[i]) < 0
			       ? err_set(err, ERR_UNSUPPORTED, "no SHA-256 here")
			       : 0;
	if (who->kind == AUTH_TOKEN_HASH) {
		if (strncmp(who->secret, "sha256:", 7) == 0 &&
			take_hash(who->secret + 7, auth->token[i]))
			return 0;
		return err_set(err, ERR_USAGE,
			"the token of '%s' is given as sha256: and 64 hex digits "
			"(printf %%s TOKEN | sha256sum)",
			who->name);
	}
	if (crypt_checksalt(who->secret) == CRYPT_SALT_OK && strlen(who->secret) > 12)
		return 0;
	return err_set(err, ERR_USAGE,
		"the password of '%s' is given as bcrypt (htpasswd -nBC 10 NAME) or yescrypt "
		"(mkpasswd) writes it",
		who->name);
}

static int copy(struct auth *auth, const struct auth_credential *credential, struct err *err)
{
	struct auth_credential *who = &auth->known[auth->n];
	int code;

	for (size_t i = 0; i < auth->n; i++)
		if (is_token(&auth->known[i]) == is_token(credential) &&
			strcmp(auth->known[i].name, credential->name) == 0)
			return err_set(err, ERR_USAGE, "'%s' is there twice", credential->name);
	*who = *credential;
	who->name = strdup(credential->name);
	who->secret = strdup(credential->secret);
	who->tenant = credential->tenant ? strdup(credential->tenant) : NULL;
	auth->n++;
	if (!who->name || !who->secret || (credential->tenant && !who->tenant))
		return err_set(err, ERR_NOMEM, "out of memory");
	code = check_secret(auth, auth->n - 1, err);
	if (who->kind == AUTH_TOKEN_ITSELF)
		memset((char *)who->secret, 0, strlen(who->secret));
	return code;
}

int auth_new(
	const struct auth_credential *credentials, size_t n, struct auth **ret, struct err *err)
{
	struct auth *auth = calloc(1, sizeof(*auth));
	int code = 0;

	*ret = NULL;
	if (!auth)
		return err_set(err, ERR_NOMEM, "out of memory");
	pthread_mutex_init(&auth->lock, NULL);
	auth->known = calloc(n + 1, sizeof(*auth->known));
	auth->token = calloc(n + 1, sizeof(*auth->token));
	if (!auth->known || !auth->token)
		code = err_set(err, ERR_NOMEM, "out of memory");
	else if (gnutls_rnd(GNUTLS_RND_KEY, auth->salt, SALT_LEN) < 0)
		code = err_set(err, ERR_IO, "no random numbers for a salt");
	for (size_t i = 0; code == 0 && i < n; i++)
		code = copy(auth, &credentials[i], err);
	if (code)
		auth_free(auth);
	else
		*ret = auth;
	return code;
}

void auth_free(struct auth *auth)
{
	if (!auth)
		return;
	for (size_t i = 0; i < auth->n; i++) {
		free((char *)auth->known[i].name);
		free((char *)auth->known[i].secret);
		free((char *)auth->known[i].tenant);
	}
	free(auth->known);
	free(auth->token);
	pthread_mutex_destroy(&auth->lock);
	free(auth);
}

/* All are looked at, the right one or not. */
static size_t find_token(const struct auth *auth, struct view token)
{
	uint8_t hash[HASH_LEN];
	size_t found = 0;

	if (gnutls_hash_fast(GNUTLS_DIG_SHA256, token.at, token.len, hash) < 0)
		return 0;
	for (size_t i = 0; i < auth->n; i++)
		if (is_token(&auth->known[i]) && same(auth->token[i], hash, HASH_LEN))
			found = i + 1;
	return found;
}

static size_t find_user(const struct auth *auth, struct view name)
{
	size_t found = 0;

	for (size_t i = 0; i < auth->n; i++)
		if (!is_token(&auth->known[i]) && view_equal(name, view_of(auth->known[i].name)))
			found = i + 1;
	return found;
}

/* Of salt, length of the name, name and password: no two pairs have the same text. */
static bool hash_pair_of(
	const struct auth *auth, struct view name, struct view password, uint8_t *ret)
{
	uint64_t len = name.len;
	gnutls_hash_hd_t state;

	if (gnutls_hash_init(&state, GNUTLS_DIG_SHA256) < 0)
		return false;
	gnutls_hash(state, auth->salt, SALT_LEN);
	gnutls_hash(state, &len, sizeof(len));
	gnutls_hash(state, name.at, name.len);
	gnutls_hash(state, password.at, password.len);
	gnutls_hash_deinit(state, ret);
	return true;
}

static bool password_is(const char *secret, struct view password)
{
	struct crypt_data *state = calloc(1, sizeof(*state));
	char *text = strndup(password.at, password.len);
	const char *made = state && text ? crypt_r(text, secret, state) : NULL;
	bool is = made && strlen(made) == strlen(secret) && same(made, secret, strlen(secret));

	if (text)
		gnutls_memset(text, 0, password.len);
	free(text);
	free(state);
	return is;
}

static bool is_remembered(struct auth *auth, const uint8_t *hash, size_t who)
{
	const struct remembered *slot = &auth->remembered[hash[0] % REMEMBERED];

	return slot->who == who && same(slot->hash, hash, HASH_LEN);
}

static enum auth_verdict try_password(
	struct auth *auth, size_t who, struct view password, const uint8_t *hash)
{
	bool busy, is;

	pthread_mutex_lock(&auth->lock);
	if (who && is_remembered(auth, hash, who)) {
		pthread_mutex_unlock(&auth->lock);
		return AUTH_YES;
	}
	busy = auth->hashing == AUTH_HASHING_MAX;
	auth->hashing += !busy;
	pthread_mutex_unlock(&auth->lock);
	if (busy)
		return AUTH_BUSY;
	is = password_is(who ? auth->known[who - 1].secret : NOBODY, password) && who;
	pthread_mutex_lock(&auth->lock);
	auth->hashing--;
	if (is) {
		struct remembered *slot = &auth->remembered[hash[0] % REMEMBERED];

		memcpy(slot->hash, hash, HASH_LEN);
		slot->who = who;
	}
	pthread_mutex_unlock(&auth->lock);
	return is ? AUTH_YES : AUTH_WHO;
}

static enum auth_verdict check_pair(struct auth *auth, struct view pair, size_t *ret_who)
{
	uint8_t hash[HASH_LEN];
	bool has_colon;
	struct view name = view_take(&pair, ':', &has_colon);

	if (!has_colon || memchr(pair.at, '\0', pair.len) || !hash_pair_of(auth, name, pair, hash))
		return AUTH_WHO;
	*ret_who = find_user(auth, name);
	return try_password(auth, *ret_who, pair, hash);
}

static enum auth_verdict check_basic(struct auth *auth, struct view coded, size_t *ret_who)
{
	BUF_AUTO pair = { 0 };
	enum auth_verdict verdict = AUTH_WHO;

	/* In room that is there: to grow would leave a password behind. */
	if (buf_reserve(&pair, coded.len) && base64_decode(coded, &pair) && !pair.failed)
		verdict = check_pair(auth, buf_view(&pair), ret_who);
	if (pair.len)
		gnutls_memset(pair.at, 0, pair.len);
	return verdict;
}

static bool takes_scheme(struct view *header, struct view scheme)
{
	if (header->len <= scheme.len || strncasecmp(header->at, scheme.at, scheme.len) != 0 ||
		header->at[scheme.len] != ' ')
		return false;
	*header = view_trim((struct view){ header->at + scheme.len, header->len - scheme.len });
	return true;
}

enum auth_verdict auth_check(struct auth *auth, const char *header, unsigned scope,
	const struct auth_credential **ret_who)
{
	struct view rest = view_of(header);
	enum auth_verdict verdict = AUTH_WHO;
	size_t who = 0;

	*ret_who = NULL;
	if (rest.len > HEADER_MAX)
		return AUTH_WHO;
	if (takes_scheme(&rest, VIEW("Bearer"))) {
		who = find_token(auth, rest);
		verdict = who ? AUTH_YES : AUTH_WHO;
	} else if (takes_scheme(&rest, VIEW("Basic"))) {
		verdict = check_basic(auth, rest, &who);
	}
	if (verdict != AUTH_YES)
		return verdict;
	*ret_who = &auth->known[who - 1];
	return (*ret_who)->scopes & scope ? AUTH_YES : AUTH_NOT;
}
