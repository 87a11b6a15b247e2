/* foreign_payload: a process context as programs publish it, for tests of who reads it. */
#ifndef TESTS_FOREIGN_PAYLOAD_H
#define TESTS_FOREIGN_PAYLOAD_H

#include <string.h>
#include <sys/mman.h>

#include "wire/proto.h"

static inline void put_value(struct buf *out, const char *text)
{
	size_t value = proto_begin(out, 2);

	proto_put_bytes(out, 1, view_of(text));
	proto_end(out, value);
}

static inline void put_attribute(struct buf *out, uint32_t id, const char *key, const char *text)
{
	size_t attribute = proto_begin(out, id);

	proto_put_bytes(out, 1, view_of(key));
	put_value(out, text);
	proto_end(out, attribute);
}

static inline void put_keys(struct buf *out, const char *const *names)
{
	size_t attribute = proto_begin(out, 2), value, array;

	proto_put_bytes(out, 1, VIEW("threadlocal.attribute_key_map"));
	value = proto_begin(out, 2);
	array = proto_begin(out, 5);
	for (; *names; names++) {
		size_t one = proto_begin(out, 1);

		proto_put_bytes(out, 1, view_of(*names));
		proto_end(out, one);
	}
	proto_end(out, array);
	proto_end(out, value);
	proto_end(out, attribute);
}

static inline void put_payload(struct buf *out)
{
	static const char *const keys[] = { "route", "pid", "<script>", "user", NULL };
	size_t resource = proto_begin(out, 1);

	put_attribute(out, 1, "service.name", "shop");
	put_attribute(out, 1, "service.version", "1.2");
	put_attribute(out, 1, "bad key", "x");
	put_attribute(out, 1, "bad.value", "a\x01");
	proto_end(out, resource);
	put_attribute(out, 2, "threadlocal.schema_version", "tlsdesc_v1_dev");
	put_keys(out, keys);
	put_attribute(out, 2, "flyover.pushes", "cpu");
}

struct foreign_header {
	char signature[8];
	uint32_t version, size;
	uint64_t published_ns, payload;
};

/* Published in this process, where children do not have it. */
static inline struct foreign_header *publish_payload(const struct buf *payload)
{
	struct foreign_header *header =
		mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	madvise(header, 4096, MADV_DONTFORK);
	*header = (struct foreign_header){ .version = 2,
		.size = (uint32_t)payload->len,
		.published_ns = 7,
		.payload = (uintptr_t)payload->at };
	memcpy(header->signature, "OTEL_CTX", 8);
	return header;
}

#endif
