/* conf_print: a struct as the YAML that it could have been read from. */
#include "wire/conf.h"

#include <inttypes.h>

#include "wire/conf_value.h"

static void print_struct(const struct conf_struct *what, const void *from, struct buf *out,
	unsigned indent, bool in_list);

/* In double quotes, as YAML has them: a JSON string but for what is not ASCII. */
static void print_text(struct buf *out, const char *text)
{
	buf_add_char(out, '"');
	for (const char *c = text; *c; c++) {
		if (*c == '"' || *c == '\\')
			buf_add_char(out, '\\'), buf_add_char(out, *c);
		else if ((unsigned char)*c < ' ' || *c == 0x7f)
			buf_add_format(out, "\\x%02x", (unsigned char)*c);
		else
			buf_add_char(out, *c);
	}
	buf_add_char(out, '"');
}

static void print_indent(struct buf *out, unsigned indent)
{
	for (unsigned i = 0; i < indent; i++)
		buf_add_text(out, "  ");
}

static bool is_given(const struct conf_field *field, const void *from);

static bool is_any_given(const struct conf_struct *what, const void *from)
{
	for (size_t i = 0; i < what->n; i++)
		if (is_given(&what->fields[i], (const char *)from + what->fields[i].offset))
			return true;
	return false;
}

static bool is_given(const struct conf_field *field, const void *from)
{
	switch (field->kind) {
	case CONF_TEXT:
	case CONF_SECRET:
		return *(const char *const *)from != NULL;
	case CONF_TEXTS:
		return ((const struct conf_texts *)from)->n;
	case CONF_PAIRS:
		return ((const struct conf_pairs *)from)->n;
	case CONF_STRUCTS:
		return ((const struct conf_list *)from)->n;
	case CONF_STRUCT:
		return is_any_given(field->of, from);
	case CONF_LINE:
		return false;
	default:
		return true;
	}
}

static void print_scalar(const struct conf_field *field, const void *from, struct buf *out)
{
	switch (field->kind) {
	case CONF_TEXT:
		print_text(out, *(const char *const *)from);
		break;
	case CONF_SECRET:
		buf_add_text(out, "\"<secret>\"");
		break;
	case CONF_FLAG:
		buf_add_text(out, *(const bool *)from ? "true" : "false");
		break;
	case CONF_SIZE:
		conf_print_size(out, *(const uint64_t *)from);
		break;
	case CONF_DURATION:
		conf_print_duration(out, *(const int64_t *)from);
		break;
	case CONF_CHOICE:
		buf_add_text(out, field->choices[*(const int *)from]);
		break;
	default:
		buf_add_u64(out, *(const uint64_t *)from);
	}
}

static void print_texts(const struct conf_texts *texts, struct buf *out)
{
	buf_add_char(out, '[');
	for (size_t i = 0; i < texts->n; i++) {
		buf_add_text(out, i ? ", " : "");
		print_text(out, texts->at[i]);
	}
	buf_add_text(out, "]\n");
}

static void print_pairs(const struct conf_pairs *pairs, struct buf *out, unsigned indent)
{
	buf_add_char(out, '\n');
	for (size_t i = 0; i < pairs->n; i++) {
		print_indent(out, indent + 1);
		print_text(out, pairs->at[i].name);
		buf_add_text(out, ": ");
		print_text(out, pairs->at[i].value);
		buf_add_char(out, '\n');
	}
}

static void print_structs(const struct conf_field *field, const struct conf_list *list,
	struct buf *out, unsigned indent)
{
	buf_add_char(out, '\n');
	for (size_t i = 0; i < list->n; i++) {
		print_indent(out, indent);
		buf_add_text(out, "- ");
		print_struct(field->of, (const char *)list->at + i * field->of->size, out,
			indent + 1, true);
	}
}

static void print_field(
	const struct conf_field *field, const void *from, struct buf *out, unsigned indent)
{
	buf_add_format(out, "%s:", field->name);
	switch (field->kind) {
	case CONF_TEXTS:
		buf_add_char(out, ' ');
		print_texts(from, out);
		break;
	case CONF_PAIRS:
		print_pairs(from, out, indent);
		break;
	case CONF_STRUCT:
		buf_add_char(out, '\n');
		print_struct(field->of, from, out, indent + 1, false);
		break;
	case CONF_STRUCTS:
		print_structs(field, from, out, indent);
		break;
	default:
		buf_add_char(out, ' ');
		print_scalar(field, from, out);
		buf_add_char(out, '\n');
	}
}

static void print_struct(const struct conf_struct *what, const void *from, struct buf *out,
	unsigned indent, bool in_list)
{
	bool first = in_list; /* its first key stands behind the dash */

	for (size_t i = 0; i < what->n; i++) {
		const struct conf_field *field = &what->fields[i];

		if (!is_given(field, (const char *)from + field->offset))
			continue;
		if (!first)
			print_indent(out, indent);
		first = false;
		print_field(field, (const char *)from + field->offset, out, indent);
	}
	if (first)
		buf_add_text(out, "{}\n");
}

void conf_print(const struct conf_struct *what, const void *from, struct buf *out)
{
	print_struct(what, from, out, 0, false);
}
