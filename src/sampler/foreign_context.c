/* foreign_context: what another process says about itself. */
#include "sampler/foreign_context.h"

#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#include "proc/maps.h"
#include "proc/procfs.h"
#include "wire/proto.h"
#include "wire/utf8.h"

#define SIGNATURE "OTEL_CTX"
#define VERSION 2
#define UNNAMED_MAX 8192u /* bytes of a mapping that may be one */
#define LOOKS_MAX 256u    /* at so many of a process */
#define ARENA_MAX ((size_t)4 * FOREIGN_CONTEXT_BYTES_MAX)

struct header {
	char signature[8];
	uint32_t version, size;
	uint64_t published_ns, payload;
};

enum { RESOURCE = 1, RESOURCE_ATTRIBUTES = 1, ATTRIBUTES = 2, KEY = 1, VALUE = 2 };
enum { STRING_VALUE = 1, ARRAY_VALUE = 5, ARRAY_VALUES = 1 };

bool foreign_context_peek(pid_t pid, uint64_t address, void *into, size_t len)
{
	struct iovec ours = { into, len }, theirs = { (void *)(uintptr_t)address, len };

	return process_vm_readv(pid, &ours, 1, &theirs, 1, 0) == (ssize_t)len;
}

static bool is_named(struct view path)
{
	return view_starts(path, VIEW("[anon_shmem:" SIGNATURE "]")) ||
	       view_starts(path, VIEW("[anon:" SIGNATURE "]")) ||
	       view_starts(path, VIEW("/memfd:" SIGNATURE));
}

static bool has_signature(pid_t pid, uint64_t address)
{
	char signature[sizeof(SIGNATURE) - 1];

	return foreign_context_peek(pid, address, signature, sizeof(signature)) &&
	       memcmp(signature, SIGNATURE, sizeof(signature)) == 0;
}

/* By its name; where the kernel has no names for memory, by its size and its first bytes. */
static uint64_t find(pid_t pid, struct err *err)
{
	BUF_AUTO text = { 0 };
	struct maps_line line;
	struct view rest;
	unsigned looks = 0;

	if (procfs_read_maps(pid, &text, err) < 0)
		return 0;
	for (rest = buf_view(&text); maps_next(&rest, &line);)
		if (line.readable && is_named(line.path))
			return line.start;
	for (rest = buf_view(&text); looks < LOOKS_MAX && maps_next(&rest, &line);) {
		if (!line.readable || line.executable || line.shared || line.path.len ||
			line.end - line.start > UNNAMED_MAX)
			continue;
		looks++;
		if (has_signature(pid, line.start))
			return line.start;
	}
	err_set(err, ERR_NOT_FOUND, "process %d publishes no context", (int)pid);
	return 0;
}

static bool is_name(struct view text)
{
	if (text.len == 0 || text.len > FOREIGN_CONTEXT_NAME_MAX)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			    c == '_' || c == '.' || c == '-' || c == '/'))
			return false;
	}
	return true;
}

static struct view keep(struct foreign_context *context, struct view text)
{
	char *copy = arena_alloc(&context->arena, text.len + 1);

	if (!copy)
		return (struct view){ 0 };
	memcpy(copy, text.at, text.len);
	return (struct view){ copy, text.len };
}

/* A field of a message that is a message or text itself; empty if it is not there. */
static struct view part(struct view message, uint32_t id)
{
	struct proto in = proto_of(message);
	struct proto_field field;

	while (proto_next(&in, &field))
		if (field.id == id && field.wire == PROTO_BYTES)
			return field.bytes;
	return (struct view){ 0 };
}

static void read_keys(struct foreign_context *context, struct view array)
{
	struct proto in = proto_of(array);
	struct proto_field field;

	context->keys =
		arena_alloc(&context->arena, FOREIGN_CONTEXT_KEYS_MAX * sizeof(*context->keys));
	context->n_keys = 0;
	while (context->keys && context->n_keys < FOREIGN_CONTEXT_KEYS_MAX &&
		proto_next(&in, &field)) {
		struct view name;

		if (field.id != ARRAY_VALUES || field.wire != PROTO_BYTES)
			continue;
		name = part(field.bytes, STRING_VALUE);
		context->keys[context->n_keys++] =
			is_name(name) ? keep(context, name) : (struct view){ 0 };
	}
}

static void read_attribute(struct foreign_context *context, struct view attribute)
{
	struct view key = part(attribute, KEY), value = part(attribute, VALUE);

	if (view_equal(key, VIEW("threadlocal.attribute_key_map"))) {
		read_keys(context, part(value, ARRAY_VALUE));
	} else if (view_equal(key, VIEW("threadlocal.schema_version"))) {
		struct view schema = part(value, STRING_VALUE);

		context->has_threads = view_equal(schema, VIEW("tlsdesc_v1_dev")) ||
				       view_equal(schema, VIEW("tls_v1"));
	} else if (view_equal(key, VIEW("flyover.pushes"))) {
		context->pushes_cpu = view_equal(part(value, STRING_VALUE), VIEW("cpu"));
	}
}

static bool is_text(struct view text)
{
	while (text.len) {
		size_t len = utf8_sequence(text);

		if (len == 0 || (len == 1 && (uint8_t)text.at[0] < ' '))
			return false;
		text = (struct view){ text.at + len, text.len - len };
	}
	return true;
}

static void read_resource(struct foreign_context *context, struct view resource)
{
	struct proto in = proto_of(resource);
	struct proto_field field;

	while (context->n_resources < FOREIGN_CONTEXT_RESOURCES_MAX && proto_next(&in, &field)) {
		struct view key, value;

		if (field.id != RESOURCE_ATTRIBUTES || field.wire != PROTO_BYTES)
			continue;
		key = part(field.bytes, KEY);
		value = part(part(field.bytes, VALUE), STRING_VALUE);
		if (is_name(key) && value.len && value.len <= FOREIGN_CONTEXT_VALUE_MAX &&
			is_text(value))
			context->resources[context->n_resources++] =
				(struct foreign_resource){ keep(context, key),
					keep(context, value) };
	}
}

int foreign_context_decode(struct view payload, struct foreign_context *ret, struct err *err)
{
	struct proto in = proto_of(payload);
	struct proto_field field;

	if (!ret->arena.max)
		arena_init(&ret->arena, ARENA_MAX);
	while (proto_next(&in, &field)) {
		if (field.wire != PROTO_BYTES)
			continue;
		if (field.id == RESOURCE)
			read_resource(ret, field.bytes);
		else if (field.id == ATTRIBUTES)
			read_attribute(ret, field.bytes);
	}
	if (in.wrong)
		return err_set(err, ERR_CORRUPT, "the process context is damaged: %s", in.wrong);
	return ret->arena.failed ? err_set(err, ERR_NOMEM, "out of memory") : 0;
}

static bool read_header(pid_t pid, uint64_t address, struct header *ret)
{
	return foreign_context_peek(pid, address, ret, sizeof(*ret)) &&
	       memcmp(ret->signature, SIGNATURE, sizeof(ret->signature)) == 0 &&
	       ret->version == VERSION && ret->size <= FOREIGN_CONTEXT_BYTES_MAX;
}

/* Its writer says by the time when it has changed meanwhile. */
static int read_at(pid_t pid, struct foreign_context *ret, struct err *err)
{
	struct header before, after;
	char *payload;
	int rc;

	if (!read_header(pid, ret->address, &before))
		return err_set(
			err, ERR_CORRUPT, "process %d publishes no context that we know", (int)pid);
	if (before.published_ns == 0)
		return err_set(err, ERR_IO, "the context of process %d is changing", (int)pid);
	payload = malloc(before.size + 1u);
	if (!payload)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (!foreign_context_peek(pid, before.payload, payload, before.size) ||
		!read_header(pid, ret->address, &after) ||
		after.published_ns != before.published_ns)
		rc = err_set(err, ERR_IO, "the context of process %d is changing", (int)pid);
	else
		rc = foreign_context_decode((struct view){ payload, before.size }, ret, err);
	ret->published_ns = before.published_ns;
	free(payload);
	return rc;
}

int foreign_context_read(pid_t pid, struct foreign_context *ret, struct err *err)
{
	struct err why = { 0 };
	uint64_t address;
	int rc;

	*ret = (struct foreign_context){ 0 };
	address = find(pid, &why);
	if (!address)
		return err_set(err, why.code, "%s", why.text);
	ret->address = address;
	rc = read_at(pid, ret, err);
	if (rc < 0) {
		foreign_context_fini(ret);
		*ret = (struct foreign_context){ 0 };
	}
	return rc;
}

void foreign_context_fini(struct foreign_context *context)
{
	arena_fini(&context->arena);
}

bool foreign_context_is_old(pid_t pid, const struct foreign_context *context)
{
	struct header now;

	return !read_header(pid, context->address, &now) ||
	       now.published_ns != context->published_ns;
}

struct view foreign_context_resource(const struct foreign_context *context, struct view key)
{
	for (size_t i = 0; i < context->n_resources; i++)
		if (view_equal(context->resources[i].key, key))
			return context->resources[i].value;
	return (struct view){ 0 };
}
