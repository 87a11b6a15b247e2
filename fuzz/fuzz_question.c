/* fuzz_question: any bytes as the word of an address, and as what such a word says. */
#undef NDEBUG
#include <assert.h>
#include <string.h>

#include "server/spelling.h"
#include "wire/base64.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct question *question)
{
	const struct store_select *select = &question->select;

	assert(select->type.name.len && select->type.type.len);
	assert(select->from_ns < select->to_ns);
	assert(select->n_traces <= QUESTION_IDS_MAX && !select->traces == !select->n_traces);
	assert(select->n_spans <= QUESTION_IDS_MAX && !select->spans == !select->n_spans);
	assert(select->n_matchers <= SELECTOR_MATCHERS_MAX);
}

static void ask(struct view word)
{
	struct spelling spelling;
	struct err err = { 0 };

	if (spelling_read(&spelling, word, &err) == 0) {
		struct question_words words = spelling_words(&spelling, VIEW(""));
		static const char *const PREFIXES[] = { "", "left_" };

		assert(spelling.n <= SPELLING_WORDS_MAX);
		for (size_t i = 0; i < 2; i++) {
			struct question question = { 0 };
			int rc = question_of(&question, &words, PREFIXES[i], &err);

			if (rc == 0)
				check(&question);
			else
				assert(err.text[0]);
			question_fini(&question);
		}
	} else {
		assert(err.text[0]);
	}
	spelling_fini(&spelling);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view text = { (const char *)data, size };
	BUF_AUTO word = { 0 };

	ask(text);
	base64_encode(text, &word);
	if (!word.failed)
		ask(buf_view(&word));
	return 0;
}
