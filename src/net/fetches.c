/* fetches: many HTTP requests at once, on one thread. */
#include "net/fetches.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "net/transfer.h"

#define WAIT_MAX_MS 1000

struct job {
	struct transfer transfer;
	struct buf body;
	struct job *next;
	void (*done)(void *owner, const struct fetches_answer *answer);
	void *owner;
};

struct fetches {
	CURLM *multi;
	pthread_t thread;
	unsigned parallel_max, running;
	struct job *active; /* of the thread alone */
	pthread_mutex_t lock;
	struct job *first, *last; /* waiting; under the lock */
	atomic_bool ends;
};

static void free_job(struct job *job)
{
	if (!job)
		return;
	transfer_fini(&job->transfer);
	buf_fini(&job->body);
	free(job);
}

static struct job *new_job(const struct fetches_request *request, struct err *err)
{
	struct job *job = calloc(1, sizeof(*job));

	if (!job) {
		err_set(err, ERR_NOMEM, "out of memory");
		return NULL;
	}
	job->done = request->done;
	job->owner = request->owner;
	if (transfer_init(&job->transfer, &request->ask, &job->body, err) < 0) {
		free(job);
		return NULL;
	}
	curl_easy_setopt(job->transfer.curl, CURLOPT_FOLLOWLOCATION, request->stays ? 0L : 1L);
	curl_easy_setopt(job->transfer.curl, CURLOPT_PRIVATE, job);
	return job;
}

int fetches_add(struct fetches *fetches, const struct fetches_request *request, struct err *err)
{
	struct job *job = new_job(request, err);

	if (!job)
		return ERR_NOMEM;
	pthread_mutex_lock(&fetches->lock);
	if (fetches->last)
		fetches->last->next = job;
	else
		fetches->first = job;
	fetches->last = job;
	pthread_mutex_unlock(&fetches->lock);
	curl_multi_wakeup(fetches->multi);
	return 0;
}

static struct job *take_waiting(struct fetches *fetches)
{
	struct job *job;

	pthread_mutex_lock(&fetches->lock);
	job = fetches->first;
	if (job) {
		fetches->first = job->next;
		if (!job->next)
			fetches->last = NULL;
		job->next = NULL;
	}
	pthread_mutex_unlock(&fetches->lock);
	return job;
}

static void finish(struct job *job, CURLcode result)
{
	struct err err = { 0 };
	struct fetches_answer answer = { .body = &job->body, .err = &err };
	curl_off_t retry_after = 0;
	long status = 0;

	answer.code = transfer_finish(&job->transfer, result, &err);
	curl_easy_getinfo(job->transfer.curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(job->transfer.curl, CURLINFO_RETRY_AFTER, &retry_after);
	answer.status = (unsigned)status;
	answer.retry_after = retry_after > 0 && retry_after < 86400 ? (unsigned)retry_after : 0;
	job->done(job->owner, &answer);
	free_job(job);
}

static void cancel(struct job *job)
{
	struct err err = { 0 };

	err_set(&err, ERR_CANCELLED, "stopped before the answer came");
	job->body.len = 0;
	job->done(job->owner,
		&(struct fetches_answer){ .code = ERR_CANCELLED, .body = &job->body, .err = &err });
	free_job(job);
}

static void begin_waiting(struct fetches *fetches)
{
	struct job *job;

	while (fetches->running < fetches->parallel_max && (job = take_waiting(fetches))) {
		if (curl_multi_add_handle(fetches->multi, job->transfer.curl) != CURLM_OK) {
			finish(job, CURLE_OUT_OF_MEMORY);
			continue;
		}
		job->next = fetches->active;
		fetches->active = job;
		fetches->running++;
	}
}

static void deactivate(struct fetches *fetches, struct job *job)
{
	struct job **at = &fetches->active;

	while (*at != job)
		at = &(*at)->next;
	*at = job->next;
	fetches->running--;
	curl_multi_remove_handle(fetches->multi, job->transfer.curl);
}

static void finish_those_done(struct fetches *fetches)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(fetches->multi, &left))) {
		CURLcode result = message->data.result;
		char *job;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &job);
		deactivate(fetches, (struct job *)job);
		finish((struct job *)job, result);
	}
}

static void *run(void *owner)
{
	struct fetches *fetches = owner;
	struct job *job;
	int running;

	while (!atomic_load(&fetches->ends)) {
		begin_waiting(fetches);
		curl_multi_perform(fetches->multi, &running);
		finish_those_done(fetches);
		curl_multi_poll(fetches->multi, NULL, 0, WAIT_MAX_MS, NULL);
	}
	while ((job = fetches->active)) {
		deactivate(fetches, job);
		cancel(job);
	}
	while ((job = take_waiting(fetches)))
		cancel(job);
	return NULL;
}

int fetches_new(unsigned parallel_max, struct fetches **ret, struct err *err)
{
	struct fetches *fetches = calloc(1, sizeof(*fetches));

	*ret = NULL;
	if (!fetches)
		return err_set(err, ERR_NOMEM, "out of memory");
	fetches->parallel_max = parallel_max;
	fetches->multi = curl_multi_init();
	pthread_mutex_init(&fetches->lock, NULL);
	if (fetches->multi && pthread_create(&fetches->thread, NULL, run, fetches) == 0) {
		*ret = fetches;
		return 0;
	}
	curl_multi_cleanup(fetches->multi);
	pthread_mutex_destroy(&fetches->lock);
	free(fetches);
	return err_set(err, ERR_NOMEM, "no thread to fetch with");
}

void fetches_free(struct fetches *fetches)
{
	if (!fetches)
		return;
	atomic_store(&fetches->ends, true);
	curl_multi_wakeup(fetches->multi);
	pthread_join(fetches->thread, NULL);
	curl_multi_cleanup(fetches->multi);
	pthread_mutex_destroy(&fetches->lock);
	free(fetches);
}
