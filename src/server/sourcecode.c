/* sourcecode: the text of source files, from the folders that may be read. */
#include "server/sourcecode.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/disk.h"
#include "model/annotate.h"
#include "render/page_json.h"

#define NAME_SHOWN 200

struct root {
	char *prefix; /* of names; "" = none. Owned */
	char *folder; /* without a slash at its end; owned */
	bool is_mapped;
	int fd;
};

struct sourcecode {
	size_t n;
	struct root roots[];
};

void sourcecode_free(struct sourcecode *sources)
{
	if (!sources)
		return;
	for (size_t i = 0; i < sources->n; i++) {
		free(sources->roots[i].prefix);
		free(sources->roots[i].folder);
		if (sources->roots[i].fd >= 0)
			close(sources->roots[i].fd);
	}
	free(sources);
}

static struct view without_slashes(struct view text)
{
	while (text.len > 1 && text.at[text.len - 1] == '/')
		text.len--;
	return text;
}

static int open_root(const char *text, struct root *root, struct err *err)
{
	const char *equals = strchr(text, '=');
	struct view prefix =
		without_slashes(equals ? (struct view){ text, (size_t)(equals - text) } : VIEW(""));
	struct view folder = without_slashes(view_of(equals ? equals + 1 : text));

	root->fd = -1;
	if (!folder.len || folder.at[0] != '/' || (equals && !prefix.len))
		return err_set(err, ERR_USAGE,
			"source_roots takes FOLDER or PREFIX=FOLDER, such as /src/shop or "
			"/build/shop=/src/shop, not '%.200s'",
			text);
	root->is_mapped = equals != NULL;
	root->prefix = strndup(prefix.at, prefix.len);
	root->folder = strndup(folder.at, folder.len);
	if (!root->prefix || !root->folder)
		return err_set(err, ERR_NOMEM, "out of memory");
	root->fd = open(root->folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root->fd < 0)
		return err_set(
			err, ERR_USAGE, "source_roots: %.200s: %s", root->folder, strerror(errno));
	return 0;
}

int sourcecode_new(const char *const *roots, size_t n, struct sourcecode **ret, struct err *err)
{
	struct sourcecode *sources;
	int rc = 0;

	*ret = NULL;
	if (n == 0)
		return 0;
	if (n > SOURCECODE_ROOTS_MAX)
		return err_set(err, ERR_USAGE, "source_roots takes at most %u folders",
			SOURCECODE_ROOTS_MAX);
	sources = calloc(1, sizeof(*sources) + n * sizeof(sources->roots[0]));
	if (!sources)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (size_t i = 0; rc == 0 && i < n; i++) {
		sources->n = i + 1;
		rc = open_root(roots[i], &sources->roots[i], err);
	}
	if (rc < 0)
		sourcecode_free(sources);
	else
		*ret = sources;
	return rc;
}

/* Without "." and "..", of which none may lead out; "" names nothing. */
static bool straighten(struct view name, char into[SOURCECODE_NAME_MAX])
{
	size_t at = 0;
	bool more = true;

	while (more) {
		struct view part = view_take(&name, '/', &more);

		if (part.len == 0 || view_equal(part, VIEW(".")))
			continue;
		if (!view_equal(part, VIEW(".."))) {
			if (at)
				into[at++] = '/';
			memcpy(into + at, part.at, part.len);
			at += part.len;
			continue;
		}
		if (at == 0)
			return false;
		while (at > 0 && into[at - 1] != '/')
			at--;
		at -= at > 0;
	}
	into[at] = '\0';
	return at > 0;
}

/* What of a name lies below the root. */
static bool is_of_root(const struct root *root, struct view name, struct view *ret)
{
	struct view front = view_of(root->is_mapped ? root->prefix : root->folder);

	*ret = name;
	if (view_starts(name, front)) {
		*ret = (struct view){ name.at + front.len, name.len - front.len };
		if (front.at[front.len - 1] == '/' || (ret->len && ret->at[0] == '/'))
			return true;
	}
	*ret = name;
	return !root->is_mapped && name.len && name.at[0] != '/';
}

static int open_below(const struct root *root, const char *name)
{
	struct open_how how = {
		.flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
	};

	return (int)syscall(SYS_openat2, root->fd, name, &how, sizeof(how));
}

static int refuse_open(int number, struct view name, struct err *err)
{
	int shown = (int)(name.len < NAME_SHOWN ? name.len : NAME_SHOWN);

	if (number == EXDEV || number == ELOOP)
		return err_set(err, ERR_DENIED,
			"%.*s: a link leads out of the folders of source_roots", shown, name.at);
	if (number == ENOENT || number == ENOTDIR || number == ENAMETOOLONG)
		return err_set(err, ERR_NOT_FOUND, "%.*s is in none of the folders of source_roots",
			shown, name.at);
	return err_set(err, number == EACCES ? ERR_DENIED : ERR_IO, "%.*s: %s", shown, name.at,
		strerror(number));
}

/* Ninja's builds have such names. */
static int refuse_climb(struct view name, struct err *err)
{
	return err_set(err, ERR_DENIED,
		"%.*s leads out of the folders of source_roots: say what its \"..\" stands for, "
		"such as "
		"..=/src/shop",
		(int)(name.len < NAME_SHOWN ? name.len : NAME_SHOWN), name.at);
}

static int read_text(
	int fd, struct view name, struct buf *ret, int64_t *ret_changed_ns, struct err *err)
{
	int shown = (int)(name.len < NAME_SHOWN ? name.len : NAME_SHOWN);
	size_t before = ret->len;
	struct stat st;
	int rc;

	if (fstat(fd, &st) < 0)
		return refuse_open(errno, name, err);
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_DENIED, "%.*s is no file", shown, name.at);
	if (st.st_size > (off_t)SOURCECODE_BYTES_MAX)
		return err_set(err, ERR_LIMIT,
			"%.*s has more than %zu MiB: no source is read of "
			"that size",
			shown, name.at, SOURCECODE_BYTES_MAX >> 20);
	rc = disk_read_fd(fd, SOURCECODE_BYTES_MAX, ret, err);
	if (rc == 0 && memchr(ret->at + before, '\0', ret->len - before))
		rc = err_set(err, ERR_DENIED, "%.*s is no text", shown, name.at);
	if (rc < 0)
		ret->len = before;
	*ret_changed_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
	return rc;
}

/* A name is a path and nothing else: what is longer, or has bytes that end it, is none. */
static int check_name(struct view name, struct err *err)
{
	if (name.len == 0 || name.len >= SOURCECODE_NAME_MAX || memchr(name.at, '\0', name.len))
		return err_set(err, ERR_NOT_FOUND, "this is no name of a file");
	return 0;
}

int sourcecode_read(const struct sourcecode *sources, struct view name, struct buf *ret,
	int64_t *ret_changed_ns, struct err *err)
{
	char below[SOURCECODE_NAME_MAX];
	int rc = check_name(name, err);

	if (rc < 0)
		return rc;
	rc = refuse_open(ENOENT, name, err);
	for (size_t i = 0; sources && i < sources->n; i++) {
		struct view rest;
		int fd;

		if (!is_of_root(&sources->roots[i], name, &rest))
			continue;
		if (!straighten(rest, below)) {
			rc = refuse_climb(name, err);
			continue;
		}
		fd = open_below(&sources->roots[i], below);
		if (fd >= 0) {
			rc = read_text(fd, name, ret, ret_changed_ns, err);
			close(fd);
			return rc;
		}
		if (errno != ENOENT && errno != ENOTDIR)
			rc = refuse_open(errno, name, err);
	}
	return rc;
}

/* The lines of the function that are in the file, from the first to the last. */
static int find_span(const struct sourcecode_question *question, const struct profile *profile,
	int64_t ret[2], struct err *err)
{
	struct annotate annotate;
	int rc = annotate_build(profile, question->type, question->function, &annotate, err);
	bool is_there = false;

	ret[0] = INT64_MAX;
	ret[1] = 0;
	for (size_t i = 0; rc == 0 && i < annotate.n_lines; i++) {
		const struct annotate_line *line = &annotate.lines[i];

		if (!line->file || !view_equal(profile_text(profile, line->file), question->file))
			continue;
		is_there = true;
		if (line->line <= 0)
			continue;
		ret[0] = line->line < ret[0] ? line->line : ret[0];
		ret[1] = line->line > ret[1] ? line->line : ret[1];
	}
	annotate_fini(&annotate);
	if (rc == 0 && !is_there)
		rc = err_set(err, ERR_NOT_FOUND, "no sample of this function is in that file");
	if (rc == 0 && ret[1] == 0)
		rc = err_set(err, ERR_NOT_FOUND, "the samples of this function have no lines");
	return rc;
}

static void write_lines(struct view text, const int64_t span[2], struct buf *out)
{
	int64_t first = span[0] > SOURCECODE_AROUND ? span[0] - SOURCECODE_AROUND : 1;
	int64_t last = span[1] + SOURCECODE_AROUND, number = 0, left_out = 0;
	bool more = true;

	buf_add_format(out, ",\"first\":%lld,\"lines\":[", (long long)first);
	while (more && number < last) {
		struct view line = view_take(&text, '\n', &more);

		if (++number < first || (!more && line.len == 0))
			continue;
		if (number - first >= SOURCECODE_LINES_MAX) {
			left_out++;
			continue;
		}
		if (line.len && line.at[line.len - 1] == '\r')
			line.len--;
		if (line.len > SOURCECODE_LINE_MAX)
			line.len = SOURCECODE_LINE_MAX;
		if (number > first)
			buf_add_char(out, ',');
		page_json_text(out, line);
	}
	buf_add_format(out, "],\"left_out\":%lld", (long long)left_out);
}

static int64_t count_lines(struct view text)
{
	int64_t n = text.len && text.at[text.len - 1] != '\n';

	for (size_t i = 0; i < text.len; i++)
		n += text.at[i] == '\n';
	return n;
}

int sourcecode_write(const struct sourcecode *sources, const struct profile *profile,
	const struct sourcecode_question *question, struct buf *out, struct err *err)
{
	BUF_AUTO text = { 0 };
	int64_t span[2] = { 0 }, changed_ns = 0, n;
	int rc = 0;

	if (!sources)
		rc = err_set(err, ERR_NOT_FOUND,
			"no source is read here: set source_roots (or --source-root of flyover "
			"view)");
	if (rc == 0)
		rc = find_span(question, profile, span, err);
	if (rc == 0)
		rc = sourcecode_read(sources, question->file, &text, &changed_ns, err);
	if (rc < 0)
		return rc;
	n = count_lines(buf_view(&text));
	if (n < span[1])
		return err_set(err, ERR_NOT_FOUND,
			"%.*s has %lld lines and samples are on line %lld: it is another version "
			"of the file",
			(int)(question->file.len < NAME_SHOWN ? question->file.len : NAME_SHOWN),
			question->file.at, (long long)n, (long long)span[1]);
	buf_add_text(out, "{\"file\":");
	page_json_text(out, question->file);
	write_lines(buf_view(&text), span, out);
	buf_add_format(out, ",\"changed\":%s}\n",
		profile->time_ns && changed_ns > profile->time_ns ? "true" : "false");
	return 0;
}
