/* push_item: one profile on its way to a server, and the form that it has in a spool. */
#include "inproc/push_item.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "inproc/label_keys.h"

#define MAGIC "flyover-spool 1"

static void draw_id(char into[PUSH_ITEM_ID_SIZE])
{
	static const char hex[] = "0123456789abcdef";
	uint8_t bytes[16] = { 0 };

	if (getrandom(bytes, sizeof(bytes), GRND_NONBLOCK) < 0)
		memset(bytes, 0, sizeof(bytes)); /* before the kernel has any: all the same */
	bytes[6] = (uint8_t)((bytes[6] & 0x0f) | 0x40);
	bytes[8] = (uint8_t)((bytes[8] & 0x3f) | 0x80);
	for (size_t i = 0; i < sizeof(bytes); i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*into++ = '-';
		*into++ = hex[bytes[i] >> 4];
		*into++ = hex[bytes[i] & 15];
	}
	*into = '\0';
}

struct push_item *push_item_new(void)
{
	struct push_item *item = calloc(1, sizeof(*item));

	if (item)
		draw_id(item->id);
	return item;
}

void push_item_free(struct push_item *item)
{
	if (item)
		buf_fini(&item->body);
	free(item);
}

size_t push_item_size(const struct push_item *item)
{
	return sizeof(*item) + item->body.cap;
}

void push_item_encode(const struct push_item *item, struct buf *out)
{
	buf_add_format(out, MAGIC "\n%s\n%s\n%s\n\n", item->id, item->query, item->type);
	buf_add_view(out, buf_view(&item->body));
}

/* One line of the head, of 1 to size - 1 plain bytes. */
static bool take_line(struct view *rest, char *into, size_t size)
{
	bool more;
	struct view line = view_take(rest, '\n', &more);

	if (!more || line.len == 0 || line.len >= size)
		return false;
	for (size_t i = 0; i < line.len; i++)
		if (line.at[i] < ' ' || line.at[i] == 0x7f)
			return false;
	memcpy(into, line.at, line.len);
	into[line.len] = '\0';
	return true;
}

int push_item_decode(struct view bytes, struct push_item **ret, struct err *err)
{
	struct push_item *item = push_item_new();
	char magic[sizeof(MAGIC) + 1];
	struct view rest = bytes;

	if (!item)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (!take_line(&rest, magic, sizeof(magic)) || strcmp(magic, MAGIC) != 0 ||
		!take_line(&rest, item->id, sizeof(item->id)) ||
		!take_line(&rest, item->query, sizeof(item->query)) || strchr(item->query, ' ') ||
		!take_line(&rest, item->type, sizeof(item->type)) || rest.len < 2 ||
		rest.at[0] != '\n' || rest.len > PUSH_ITEM_MAX) {
		push_item_free(item);
		return err_set(err, ERR_CORRUPT, "this is no profile of a spool");
	}
	buf_add(&item->body, rest.at + 1, rest.len - 1);
	if (item->body.failed) {
		push_item_free(item);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	*ret = item;
	return 0;
}

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '.';
}

static void escape(struct buf *out, struct view text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (is_name_char(text.at[i]) || text.at[i] == '-')
			buf_add_char(out, text.at[i]);
		else
			buf_add_format(out, "%%%02X", (unsigned)(uint8_t)text.at[i]);
	}
}

/* Without what would end it, or begin another label. */
static void add_value(struct buf *out, struct view value)
{
	for (size_t i = 0; i < value.len; i++) {
		char c = value.at[i];

		if (c == ',' || c == '{' || c == '}' || c == '=' || (uint8_t)c < ' ' || c == 0x7f)
			c = '_';
		escape(out, (struct view){ &c, 1 });
	}
}

static void add_key(struct buf *out, struct view key)
{
	for (size_t i = 0; i < key.len; i++)
		buf_add_char(out, is_name_char(key.at[i]) ? key.at[i] : '_');
}

void push_item_set_query(
	struct push_item *item, const char *service, uint64_t from_ns, uint64_t until_ns)
{
	BUF_AUTO query = { .max = sizeof(item->query) - 128 };
	struct view key, value;
	size_t labels = 0, whole;

	item->from_ns = from_ns;
	buf_add_text(&query, "name=");
	add_value(&query, view_of(service));
	whole = query.len;
	for (size_t i = 0; label_keys_process(i, &key, &value); i++) {
		if (view_equal(key, VIEW("service_name")))
			continue;
		escape(&query, labels++ ? VIEW(",") : VIEW("{"));
		add_key(&query, key);
		escape(&query, VIEW("="));
		add_value(&query, value);
		if (!query.failed)
			whole = query.len;
	}
	query.failed = false;
	query.len = whole; /* labels that did not fit are left out whole */
	query.max = sizeof(item->query) - 1;
	if (labels)
		escape(&query, VIEW("}"));
	buf_add_format(&query, "&from=%llu&until=%llu&format=pprof&spyName=flyover",
		(unsigned long long)from_ns, (unsigned long long)until_ns);
	if (!query.failed && query.len < sizeof(item->query)) {
		memcpy(item->query, query.at, query.len);
		item->query[query.len] = '\0';
	}
}
