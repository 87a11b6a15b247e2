/* test_auth: tokens and passwords open what they may, and nothing else does. */
#include "testing.h"

#include <pthread.h>
#include <stdlib.h>

#include "server/auth.h"

/* sha256 of "s3cret-token"; bcrypt and SHA-512-crypt of "open sesame". */
#define TOKEN "sha256:a81e611a041b13f078bf8ebe5dab4d4fd63fcc5594661c918bec093a2f416a7e"
#define BCRYPT "$2b$04$CwTycUXWue0Thq9StjUM0uxy8Hlst8aYI.52naLeiJXJXw7hso2TW"
#define SHA512                                                                                  \
	"$6$rounds=1000$abcdefgh$Xh.7.kL3HzhnviFlsn40n4gUrDaYioIIiDlHiWZorP18.1JsnixO1BkqKbso/" \
	"o60j4iwJz6yRdVGlrUTIYtXT/"

static struct auth *new_auth(void)
{
	const struct auth_credential known[] = {
		{ "agent", TOKEN, "acme", AUTH_INGEST, true },
		{ "ada", BCRYPT, NULL, AUTH_QUERY | AUTH_ADMIN, false },
		{ "bob", SHA512, NULL, AUTH_QUERY, false },
	};
	struct auth *auth;
	struct err err = { 0 };

	if (auth_new(known, 3, &auth, &err) < 0)
		fail_msg("%s", err.text);
	return auth;
}

static void says(struct auth *auth, const char *header, unsigned scope, enum auth_verdict verdict,
	const char *name)
{
	const struct auth_credential *who;

	assert_int_equal(auth_check(auth, header, scope, &who), verdict);
	if (name)
		assert_string_equal(who->name, name);
	else
		assert_null(who);
}

static void a_token_opens_its_scopes(void **state)
{
	struct auth *auth = new_auth();

	says(auth, "Bearer s3cret-token", AUTH_INGEST, AUTH_YES, "agent");
	says(auth, "bearer  s3cret-token ", AUTH_INGEST, AUTH_YES, "agent");
	says(auth, "Bearer s3cret-token", AUTH_QUERY, AUTH_NOT, "agent");
	says(auth, "Bearer s3cret-toker", AUTH_INGEST, AUTH_WHO, NULL);
	says(auth, "Bearer ", AUTH_INGEST, AUTH_WHO, NULL);
	says(auth, "Bearers3cret-token", AUTH_INGEST, AUTH_WHO, NULL);
	says(auth, "", AUTH_INGEST, AUTH_WHO, NULL);
	says(auth, NULL, AUTH_INGEST, AUTH_WHO, NULL);
	auth_free(auth);
}

static void a_password_opens_its_scopes(void **state)
{
	struct auth *auth = new_auth();

	for (int i = 0; i < 2; i++) { /* the second time it is remembered */
		says(auth, "Basic YWRhOm9wZW4gc2VzYW1l", AUTH_ADMIN, AUTH_YES, "ada");
		says(auth, "Basic YWRhOm9wZW4gc2VzYW1l", AUTH_INGEST, AUTH_NOT, "ada");
		says(auth, "Basic Ym9iOm9wZW4gc2VzYW1l", AUTH_QUERY, AUTH_YES, "bob");
		says(auth, "Basic YWRhOm9wZW4gc2VzYW0=", AUTH_QUERY, AUTH_WHO, NULL); /* sesam */
		says(auth, "Basic ZXZlOm9wZW4gc2VzYW1l", AUTH_QUERY, AUTH_WHO, NULL); /* eve */
		says(auth, "Basic YWdlbnQ6b3BlbiBzZXNhbWU=", AUTH_QUERY, AUTH_WHO, NULL);
		says(auth, "Basic YWRh", AUTH_QUERY, AUTH_WHO, NULL); /* no colon */
		says(auth, "Basic !!!!", AUTH_QUERY, AUTH_WHO, NULL);
		says(auth, "Basic YWRhOm9wZW4gc2VzYW1lAA==", AUTH_QUERY, AUTH_WHO,
			NULL); /* a NUL */
	}
	auth_free(auth);
}

static void where_a_name_ends_makes_a_difference(void **state)
{
	struct auth *auth = new_auth();

	says(auth, "Basic YWRhOm9wZW4gc2VzYW1l", AUTH_QUERY, AUTH_YES, "ada");
	says(auth, "Basic YWQ6YTpvcGVuIHNlc2FtZQ==", AUTH_QUERY, AUTH_WHO, NULL); /* ad:a:open… */
	auth_free(auth);
}

static void refuses(struct auth_credential credential, const char *part)
{
	const struct auth_credential two[] = { { "ada", BCRYPT, NULL, AUTH_QUERY, false },
		credential };
	struct auth *auth;
	struct err err = { 0 };

	assert_int_equal(auth_new(two, 2, &auth, &err), ERR_USAGE);
	assert_null(auth);
	if (!strstr(err.text, part))
		fail_msg("\"%s\" without \"%s\"", err.text, part);
}

static void a_token_of_ours_is_kept_as_its_hash_alone(void **state)
{
	const struct auth_credential own = { "us", "drawn", NULL, AUTH_INGEST, AUTH_TOKEN_ITSELF };
	const struct auth_credential *who;
	struct auth *auth;

	assert_int_equal(auth_new(&own, 1, &auth, NULL), 0);
	assert_int_equal(auth_check(auth, "Bearer drawn", AUTH_INGEST, &who), AUTH_YES);
	assert_string_equal(who->secret, "");
	assert_int_equal(auth_check(auth, "Bearer drawn", AUTH_QUERY, &who), AUTH_NOT);
	assert_int_equal(auth_check(auth, "Bearer other", AUTH_INGEST, &who), AUTH_WHO);
	auth_free(auth);
}

static void a_secret_in_the_clear_is_refused(void **state)
{
	refuses((struct auth_credential){ "eve", "letmein", NULL, AUTH_QUERY, false },
		"the password of 'eve' is given as bcrypt");
	refuses((struct auth_credential){ "eve", "letmein", NULL, AUTH_QUERY, true },
		"the token of 'eve' is given as sha256:");
	refuses((struct auth_credential){ "eve", "sha256:abc", NULL, AUTH_QUERY, true }, "64 hex");
	refuses((struct auth_credential){ "ada", BCRYPT, NULL, AUTH_QUERY, false },
		"'ada' is there twice");
}

struct crowd {
	struct auth *auth;
	unsigned seen[4];
	pthread_mutex_t lock;
};

static void *one_of_a_crowd(void *owner)
{
	struct crowd *crowd = owner;
	const struct auth_credential *who;
	enum auth_verdict verdict =
		auth_check(crowd->auth, "Basic ZXZlOm9wZW4gc2VzYW1l", AUTH_QUERY, &who);

	pthread_mutex_lock(&crowd->lock);
	crowd->seen[verdict]++;
	pthread_mutex_unlock(&crowd->lock);
	return NULL;
}

static void strangers_in_a_crowd_are_never_let_in(void **state)
{
	struct crowd crowd = { .auth = new_auth(), .lock = PTHREAD_MUTEX_INITIALIZER };
	pthread_t threads[8];

	for (int i = 0; i < 8; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, one_of_a_crowd, &crowd), 0);
	for (int i = 0; i < 8; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(crowd.seen[AUTH_WHO] + crowd.seen[AUTH_BUSY], 8);
	assert_true(crowd.seen[AUTH_WHO] >= 1);
	auth_free(crowd.auth);
}

static void scopes_have_names(void **state)
{
	assert_int_equal(auth_scope(VIEW("ingest")), AUTH_INGEST);
	assert_int_equal(auth_scope(VIEW("admin")), AUTH_ADMIN);
	assert_int_equal(auth_scope(VIEW("root")), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_opens_its_scopes),
		cmocka_unit_test(a_password_opens_its_scopes),
		cmocka_unit_test(where_a_name_ends_makes_a_difference),
		cmocka_unit_test(a_token_of_ours_is_kept_as_its_hash_alone),
		cmocka_unit_test(a_secret_in_the_clear_is_refused),
		cmocka_unit_test(strangers_in_a_crowd_are_never_let_in),
		cmocka_unit_test(scopes_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
