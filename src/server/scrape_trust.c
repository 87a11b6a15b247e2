/* scrape_trust: how a scrape proves who asks. */
#include "server/scrape_trust.h"

#include "base/disk.h"

#define SECRET_MAX 8192u

/* What the file says, without the newline at its end. */
static int add_file(const char *path, struct buf *secret, struct err *err)
{
	int code = disk_read(path, SECRET_MAX, secret, err);

	while (secret->len &&
		(secret->at[secret->len - 1] == '\n' || secret->at[secret->len - 1] == '\r'))
		secret->len--;
	return code;
}

int scrape_trust(
	const struct scrape_job *job, struct buf *secret, struct fetch_trust *ret, struct err *err)
{
	const struct scrape_authorization *bearer = &job->authorization;
	const struct scrape_basic_auth *basic = &job->basic_auth;
	int code = 0;

	*ret = (struct fetch_trust){ .ca_file = job->tls_config.ca_file,
		.cert_file = job->tls_config.cert_file,
		.key_file = job->tls_config.key_file,
		.insecure_skip_verify = job->tls_config.insecure_skip_verify };
	if (basic->username) {
		if (basic->password_file)
			code = add_file(basic->password_file, secret, err);
		else
			buf_add_text(secret, basic->password ? basic->password : "");
	} else if (bearer->credentials || bearer->credentials_file) {
		buf_add_format(secret, "%s ", bearer->type);
		if (bearer->credentials)
			buf_add_text(secret, bearer->credentials);
		else
			code = add_file(bearer->credentials_file, secret, err);
	}
	buf_add_char(secret, '\0');
	if (secret->failed)
		return err_set(err, ERR_NOMEM, "out of memory");
	ret->user = basic->username;
	ret->password = basic->username ? secret->at : NULL;
	ret->authorization = !basic->username && secret->len > 1 ? secret->at : NULL;
	return code;
}
