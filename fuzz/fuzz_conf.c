/* fuzz_conf: any bytes as a configuration; what is taken prints as what is taken again. */
#include <stdlib.h>

#include "../tests/unit/wire/conf_sample.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct conf_source source = { "fuzz.yml", { (const char *)data, size } };
	struct sample_conf conf = { .size = 1 };
	BUF_AUTO printed = { 0 };
	ARENA_AUTO arena = { 0 };

	arena_init(&arena, 64 << 20);
	if (conf_read(&source, &SAMPLE, &conf, &arena, NULL) < 0)
		return 0;
	conf_print(&SAMPLE, &conf, &printed);
	source.text = buf_view(&printed);
	if (conf_read(&source, &SAMPLE, &conf, &arena, NULL) < 0)
		abort();
	return 0;
}
