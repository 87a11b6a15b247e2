/* api_answer: what a server says to a question of ours. */
#include "cli/api_answer.h"

#include <pthread.h>
#include <string.h>

#include "base/disk.h"
#include "cli/source.h"

#define TIME_MAX_S 120u
#define TOKEN_MAX 4096u

struct waiting {
	pthread_mutex_t lock;
	pthread_cond_t change;
	struct buf *body;
	struct err *err;
	int code;
	unsigned status;
	bool done;
};

static void on_answer(void *owner, const struct fetches_answer *answer)
{
	struct waiting *waiting = owner;

	pthread_mutex_lock(&waiting->lock);
	waiting->code = answer->code;
	waiting->status = answer->status;
	if (answer->code)
		err_set(waiting->err, answer->code, "%s", answer->err->text);
	else
		buf_add_view(waiting->body, buf_view(answer->body));
	waiting->done = true;
	pthread_cond_signal(&waiting->change);
	pthread_mutex_unlock(&waiting->lock);
}

int api_answer_send(const struct api_answer_request *sent, const struct fetches_trust *trust,
	struct buf *ret_body, unsigned *ret_status, struct err *err)
{
	struct waiting waiting = { .lock = PTHREAD_MUTEX_INITIALIZER,
		.change = PTHREAD_COND_INITIALIZER,
		.body = ret_body,
		.err = err };
	struct fetches_request request = { .url = sent->url,
		.method = sent->method,
		.mime = sent->mime,
		.coding = sent->coding,
		.body = sent->body,
		.limits = { .bytes_max = SOURCE_BYTES_MAX, .time_s = TIME_MAX_S },
		.trust = *trust,
		.done = on_answer,
		.owner = &waiting };
	struct fetches *fetches;
	int rc = fetches_new(1, &fetches, err);

	if (rc < 0)
		return rc;
	rc = fetches_add(fetches, &request, err);
	pthread_mutex_lock(&waiting.lock);
	while (rc == 0 && !waiting.done)
		pthread_cond_wait(&waiting.change, &waiting.lock);
	pthread_mutex_unlock(&waiting.lock);
	fetches_free(fetches);
	*ret_status = waiting.status;
	if (rc == 0 && waiting.code == 0 && ret_body->failed)
		return err_set(err, ERR_NOMEM, "out of memory for the answer");
	return rc < 0 ? rc : waiting.code;
}

int api_answer_get(
	const char *url, const struct fetches_trust *trust, struct buf *ret_body, struct err *err)
{
	unsigned status;

	return api_answer_send(
		&(struct api_answer_request){ .url = url }, trust, ret_body, &status, err);
}

int api_answer_read_token(const char *path, struct buf *ret, struct err *err)
{
	int rc;

	buf_add_text(ret, "Bearer ");
	rc = disk_read(path, TOKEN_MAX, ret, err);
	while (ret->len && strchr("\r\n ", ret->at[ret->len - 1]))
		ret->len--;
	buf_add_char(ret, '\0');
	return rc < 0 || !ret->failed ? rc : err_set(err, ERR_NOMEM, "out of memory");
}
