/* pyroscope_none: questions of Pyroscope's readers about what this server has none of. */
#include "server/pyroscope_none.h"

static const struct protojson_message nothing = { (const struct protojson_field[]){
	{ .name = NULL } } };

static int answer(void *store, const struct connect_call *call, struct buf *reply, struct err *err)
{
	(void)store;
	(void)call;
	(void)reply;
	(void)err;
	return 0;
}

const struct connect_method pyroscope_none_list = { &nothing, &nothing, answer };
