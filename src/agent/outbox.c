/* outbox: parcels on their way to a server. */
#include "agent/outbox.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"

#define SEND_MAX_S 30u
#define ANSWER_MAX ((size_t)64 << 10)
#define WAIT_MIN_NS 500000000ull
#define SECOND 1000000000ull

struct parcel_item {
	struct parcel_item *next;
	struct buf bytes;
};

struct outbox {
	char *url, *mime, *authorization, *user, *password, *tenant, *ca_file, *cert_file,
		*key_file;
	struct fetch_trust trust; /* of the texts above */
	size_t bytes_max;
	struct fetches *fetches;
	pthread_t thread;
	pthread_mutex_t lock; /* of all that follows */
	pthread_cond_t change;
	struct parcel_item *first, **last;
	struct outbox_figures figures;
	struct fetches_answer answer; /* to the parcel on its way; body and err are not kept */
	bool answered, ends;
	uint64_t give_up_ns; /* once it ends */
};

static void on_answer(void *owner, const struct fetches_answer *answer)
{
	struct outbox *outbox = owner;

	pthread_mutex_lock(&outbox->lock);
	outbox->answer = *answer;
	snprintf(outbox->figures.trouble, sizeof(outbox->figures.trouble), "%.*s",
		(int)sizeof(outbox->figures.trouble) - 1, answer->code ? answer->err->text : "");
	outbox->answered = true;
	pthread_cond_broadcast(&outbox->change);
	pthread_mutex_unlock(&outbox->lock);
}

/* Under the lock, which is let go meanwhile; the parcel is no longer on the list. */
static struct fetches_answer send_parcel(struct outbox *outbox, const struct parcel_item *item)
{
	struct fetches_request request = { .ask = { .url = outbox->url,
						   .mime = outbox->mime,
						   .body = buf_view(&item->bytes),
						   .limits = { ANSWER_MAX, SEND_MAX_S },
						   .trust = outbox->trust },
		.done = on_answer,
		.owner = outbox };

	outbox->answered = false;
	if (fetches_add(outbox->fetches, &request, NULL))
		return (struct fetches_answer){ .code = ERR_NOMEM };
	while (!outbox->answered)
		pthread_cond_wait(&outbox->change, &outbox->lock);
	return outbox->answer;
}

/* Another attempt may go better. */
static bool may_pass(const struct fetches_answer *answer)
{
	return answer->code < 0 && (answer->status == 0 || answer->status == 408 ||
					   answer->status == 429 || answer->status >= 500);
}

static bool is_over(const struct outbox *outbox)
{
	return outbox->ends && clock_monotonic_ns() >= outbox->give_up_ns;
}

static void wait_until(struct outbox *outbox, uint64_t until_ns)
{
	while (clock_monotonic_ns() < until_ns && !is_over(outbox)) {
		uint64_t end_ns = outbox->ends && outbox->give_up_ns < until_ns ? outbox->give_up_ns
										: until_ns;
		struct timespec end = { (time_t)(end_ns / SECOND), (long)(end_ns % SECOND) };

		pthread_cond_timedwait(&outbox->change, &outbox->lock, &end);
	}
}

static uint64_t next_wait(uint64_t wait_ns)
{
	wait_ns *= 2;
	return wait_ns < OUTBOX_WAIT_MAX_S * SECOND ? wait_ns : OUTBOX_WAIT_MAX_S * SECOND;
}

/* So that a thousand agents do not come back at once: between half of it and all. */
static uint64_t spread(uint64_t wait_ns)
{
	return wait_ns / 2 + wait_ns / 2048 * ((uint64_t)random() % 1024);
}

static void deliver(struct outbox *outbox, const struct parcel_item *item)
{
	uint64_t wait_ns = WAIT_MIN_NS;

	for (;;) {
		struct fetches_answer answer = send_parcel(outbox, item);
		uint64_t asked_ns = answer.retry_after * SECOND;

		if (!may_pass(&answer)) {
			outbox->figures.sent += answer.code == 0;
			outbox->figures.refused += answer.code != 0;
			return;
		}
		if (asked_ns > OUTBOX_WAIT_MAX_S * SECOND)
			asked_ns = OUTBOX_WAIT_MAX_S * SECOND;
		wait_until(outbox, clock_monotonic_ns() + (asked_ns ? asked_ns : spread(wait_ns)));
		wait_ns = next_wait(wait_ns);
		if (is_over(outbox)) {
			outbox->figures.dropped++;
			return;
		}
	}
}

static struct parcel_item *take_first(struct outbox *outbox)
{
	struct parcel_item *item = outbox->first;

	outbox->first = item->next;
	if (!outbox->first)
		outbox->last = &outbox->first;
	outbox->figures.waiting--;
	outbox->figures.waiting_bytes -= item->bytes.len;
	return item;
}

static void free_item(struct parcel_item *item)
{
	buf_fini(&item->bytes);
	free(item);
}

static void *run(void *owner)
{
	struct outbox *outbox = owner;

	pthread_mutex_lock(&outbox->lock);
	for (;;) {
		struct parcel_item *item;

		while (!outbox->first && !outbox->ends)
			pthread_cond_wait(&outbox->change, &outbox->lock);
		if (!outbox->first)
			break;
		item = take_first(outbox);
		if (is_over(outbox))
			outbox->figures.dropped++;
		else
			deliver(outbox, item);
		free_item(item);
	}
	pthread_mutex_unlock(&outbox->lock);
	return NULL;
}

static bool copy_text(char **into, const char *text)
{
	*into = text ? strdup(text) : NULL;
	return !text || *into;
}

static bool copy_texts(struct outbox *outbox, const struct outbox_options *options)
{
	const struct fetch_trust *from = &options->trust;
	bool all = copy_text(&outbox->url, options->url) &&
		   copy_text(&outbox->mime, options->mime) &&
		   copy_text(&outbox->authorization, from->authorization) &&
		   copy_text(&outbox->user, from->user) &&
		   copy_text(&outbox->password, from->password) &&
		   copy_text(&outbox->tenant, from->tenant) &&
		   copy_text(&outbox->ca_file, from->ca_file) &&
		   copy_text(&outbox->cert_file, from->cert_file) &&
		   copy_text(&outbox->key_file, from->key_file);

	outbox->trust = (struct fetch_trust){ outbox->authorization, outbox->user, outbox->password,
		outbox->tenant, outbox->ca_file, outbox->cert_file, outbox->key_file,
		from->insecure_skip_verify };
	return all;
}

static void dispose(struct outbox *outbox)
{
	fetches_free(outbox->fetches);
	while (outbox->first)
		free_item(take_first(outbox));
	pthread_mutex_destroy(&outbox->lock);
	pthread_cond_destroy(&outbox->change);
	free(outbox->url), free(outbox->mime), free(outbox->authorization), free(outbox->user);
	free(outbox->password), free(outbox->tenant), free(outbox->ca_file),
		free(outbox->cert_file);
	free(outbox->key_file);
	free(outbox);
}

int outbox_new(const struct outbox_options *options, struct outbox **ret, struct err *err)
{
	struct outbox *outbox = calloc(1, sizeof(*outbox));
	pthread_condattr_t monotonic;
	int code = 0;

	*ret = NULL;
	if (!outbox)
		return err_set(err, ERR_NOMEM, "out of memory");
	outbox->bytes_max = options->bytes_max;
	outbox->last = &outbox->first;
	pthread_mutex_init(&outbox->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&outbox->change, &monotonic);
	pthread_condattr_destroy(&monotonic);
	if (!copy_texts(outbox, options))
		code = err_set(err, ERR_NOMEM, "out of memory");
	if (code == 0)
		code = fetches_new(1, &outbox->fetches, err);
	if (code == 0 && pthread_create(&outbox->thread, NULL, run, outbox) != 0)
		code = err_set(err, ERR_NOMEM, "no thread to send with");
	if (code)
		dispose(outbox);
	else
		*ret = outbox;
	return code;
}

void outbox_free(struct outbox *outbox, unsigned wait_ms)
{
	if (!outbox)
		return;
	pthread_mutex_lock(&outbox->lock);
	outbox->ends = true;
	outbox->give_up_ns = clock_monotonic_ns() + wait_ms * 1000000ull;
	pthread_cond_broadcast(&outbox->change);
	pthread_mutex_unlock(&outbox->lock);
	pthread_join(outbox->thread, NULL);
	dispose(outbox);
}

void outbox_put(struct outbox *outbox, struct buf *parcel)
{
	struct parcel_item *item = calloc(1, sizeof(*item));

	pthread_mutex_lock(&outbox->lock);
	if (item && parcel->len <= outbox->bytes_max && !parcel->failed) {
		item->bytes = *parcel;
		*parcel = (struct buf){ 0 };
		*outbox->last = item;
		outbox->last = &item->next;
		outbox->figures.waiting++;
		outbox->figures.waiting_bytes += item->bytes.len;
	} else {
		free(item);
		outbox->figures.dropped++;
	}
	while (outbox->figures.waiting_bytes > outbox->bytes_max) {
		free_item(take_first(outbox));
		outbox->figures.dropped++;
	}
	pthread_cond_broadcast(&outbox->change);
	pthread_mutex_unlock(&outbox->lock);
	buf_fini(parcel);
}

void outbox_get_figures(struct outbox *outbox, struct outbox_figures *ret)
{
	pthread_mutex_lock(&outbox->lock);
	*ret = outbox->figures;
	pthread_mutex_unlock(&outbox->lock);
}
