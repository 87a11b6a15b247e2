/* credentials: how commands prove who they are to a server. */
#include "cli/credentials.h"

#include <string.h>

#include "base/disk.h"

#define SECRET_MAX 4096u

static int check(const struct credentials_wish *wish, struct err *err)
{
	if (!wish->user != !wish->password_file)
		return err_set(err, ERR_USAGE, "--user and --password-file go together");
	if (wish->user && wish->token_file)
		return err_set(err, ERR_USAGE, "either --token-file or --user, not both");
	if (!wish->cert_file != !wish->key_file)
		return err_set(err, ERR_USAGE, "--cert-file and --key-file go together");
	return 0;
}

/* What the file has, without the line's end. */
static int add_secret(const char *path, struct buf *secret, struct err *err)
{
	int rc = disk_read(path, SECRET_MAX, secret, err);

	while (secret->len && strchr("\r\n ", secret->at[secret->len - 1]))
		secret->len--;
	buf_add_char(secret, '\0');
	return rc < 0 || !secret->failed ? rc : err_set(err, ERR_NOMEM, "out of memory");
}

int credentials_read(const struct credentials_wish *wish, struct credentials *ret, struct err *err)
{
	int rc;

	*ret = (struct credentials){ .trust = { .user = wish->user,
					     .tenant = wish->tenant,
					     .ca_file = wish->ca_file,
					     .cert_file = wish->cert_file,
					     .key_file = wish->key_file } };
	rc = check(wish, err);
	if (rc == 0 && wish->token_file) {
		buf_add_text(&ret->secret, "Bearer ");
		rc = add_secret(wish->token_file, &ret->secret, err);
		ret->trust.authorization = ret->secret.at;
	} else if (rc == 0 && wish->user) {
		rc = add_secret(wish->password_file, &ret->secret, err);
		ret->trust.password = ret->secret.at;
	}
	return rc;
}

void credentials_fini(struct credentials *credentials)
{
	buf_fini(&credentials->secret);
	*credentials = (struct credentials){ 0 };
}
