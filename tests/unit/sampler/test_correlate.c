/* test_correlate: what a sampled thread says is on its samples, and what its process says is known.
 */
#include "testing.h"

#include <sys/wait.h>

#include "foreign_payload.h"
#include "live.h"
#include "model/profile.h"
#include "sampler/correlate.h"
#include "sampler/sampler_impl.h"

#define SECONDS 1.0

__thread void *otel_thread_ctx_v1; /* exported */

static struct {
	uint8_t trace_id[16], span_id[8], valid, flags;
	uint16_t size;
	char attributes[16];
} record = { .valid = 1, .size = 7, .attributes = "\0\5basket" };

/* In the child: half of its time it works for a trace. */
static void work(void)
{
	BUF_AUTO payload = { 0 };

	put_payload(&payload);
	publish_payload(&payload);
	memset(record.trace_id, 0xab, sizeof(record.trace_id));
	live_burn(SECONDS);
	otel_thread_ctx_v1 = &record;
	live_burn(2 * SECONDS);
	otel_thread_ctx_v1 = NULL;
}

static int64_t with_label(const struct profile *p, struct view key, struct view value)
{
	uint32_t wanted = strings_find(&p->strings, key);
	int64_t sum = 0;

	for (size_t i = 0; i < p->n_samples; i++) {
		const struct label_set *set = &p->label_sets[p->samples[i].labels];

		for (uint32_t k = 0; k < set->count; k++)
			if (p->labels[set->first + k].key == wanted &&
				view_equal(profile_text(p, p->labels[set->first + k].str), value))
				sum += p->values[i * p->n_types];
	}
	return sum;
}

static void samples_say_what_their_thread_works_for(void **state)
{
	struct sampler_window window;
	struct sampler *sampler;
	int64_t whole, traced;
	bool known = false;
	int go;
	pid_t pid = live_child(work, &go);

	sampler = live_sampler(SAMPLER_BPF, pid, 500);
	if (!sampler)
		skip();
	assert_int_equal(sampler_start(sampler, NULL), 0);
	assert_int_equal(write(go, "g", 1), 1);
	close(go);
	while (!sampler_targets_gone(sampler)) {
		const struct foreign_context *context;

		sampler_poll(sampler, 50, -1, NULL);
		context = correlate_context(sampler, pid);
		if (context) {
			known = true;
			assert_view_equal(
				foreign_context_resource(context, VIEW("service.name")), "shop");
			assert_true(context->pushes_cpu);
		}
		waitpid(-1, NULL, WNOHANG);
	}
	assert_true(known);
	assert_int_equal(sampler_take(sampler, &window, NULL), 0);
	whole = profile_total(window.profile, 0);
	traced = with_label(
		window.profile, VIEW("trace_id"), VIEW("abababababababababababababababab"));
	assert_in_range(traced, whole / 5, whole * 4 / 5);
	assert_int_equal(with_label(window.profile, VIEW("route"), VIEW("baske")), traced);
	sampler_window_fini(&window);
	sampler_free(sampler);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(samples_say_what_their_thread_works_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
