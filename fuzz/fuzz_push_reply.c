/* fuzz_push_reply: any bytes as a server's answer, as a profile in a spool, and as a URL. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "inproc/push_item.h"
#include "inproc/push_reply.h"
#include "inproc/push_target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view bytes = { (const char *)data, size };
	struct push_target target;
	struct push_reply reply;
	struct push_item *item;
	BUF_AUTO again = { 0 };

	if (push_reply_parse(bytes, 784111777, &reply) > 0 &&
		(reply.head_len > size || reply.status < 100 || reply.status > 999 ||
			reply.retry_after_s > PUSH_REPLY_RETRY_MAX_S))
		abort();
	if (push_item_decode(bytes, &item, NULL) == 0) {
		push_item_encode(item, &again);
		if (!view_equal(buf_view(&again), bytes))
			abort();
		push_item_free(item);
	}
	buf_clear(&again);
	buf_add_view(&again, bytes);
	buf_add_char(&again, '\0');
	if (!again.failed)
		push_target_parse(again.at, &target, NULL);
	return 0;
}
