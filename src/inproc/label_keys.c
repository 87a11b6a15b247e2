/* label_keys: the names of labels, as numbers, and the labels that every sample has. */
#include "inproc/label_keys.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

struct process_label {
	char key[LABEL_KEYS_NAME_MAX + 1], value[LABEL_KEYS_VALUE_MAX + 1];
};

/* A name is written before the count that covers it, and never again: readers need no lock. */
static struct {
	char names[LABEL_KEYS_MAX][LABEL_KEYS_NAME_MAX + 1];
	_Atomic size_t count;
	struct process_label process[LABEL_KEYS_PROCESS_MAX];
	size_t n_process;
} keys;
static pthread_mutex_t adding = PTHREAD_MUTEX_INITIALIZER;

static int check_name(struct view name, struct err *err)
{
	if (name.len == 0 || name.len > LABEL_KEYS_NAME_MAX)
		return err_set(err, ERR_USAGE, "a label's name has 1 to %d bytes, not %zu",
			LABEL_KEYS_NAME_MAX, name.len);
	if (view_equal(name, VIEW("trace_id")) || view_equal(name, VIEW("span_id")))
		return err_set(err, ERR_USAGE, "the label %.*s is set with the trace",
			(int)name.len, name.at);
	return 0;
}

static int find(const char *name)
{
	for (size_t i = 0; i < keys.count; i++)
		if (strcmp(keys.names[i], name) == 0)
			return (int)i;
	return -1;
}

int label_keys_add(const char *name, bool *ret_new, struct err *err)
{
	int key = check_name(view_of(name), err);

	if (ret_new)
		*ret_new = false;
	if (key < 0)
		return key;
	pthread_mutex_lock(&adding);
	key = find(name);
	if (key < 0 && keys.count < LABEL_KEYS_MAX) {
		key = (int)keys.count;
		memcpy(keys.names[key], name, strlen(name) + 1);
		atomic_store_explicit(&keys.count, (size_t)key + 1, memory_order_release);
		if (ret_new)
			*ret_new = true;
	}
	pthread_mutex_unlock(&adding);
	if (key < 0)
		return err_set(err, ERR_LIMIT, "a process has at most %d label names; '%s' is more",
			LABEL_KEYS_MAX, name);
	return key;
}

bool label_keys_name(unsigned key, struct view *ret)
{
	if (key >= atomic_load_explicit(&keys.count, memory_order_acquire))
		return false;
	*ret = view_of(keys.names[key]);
	return true;
}

size_t label_keys_count(void)
{
	return atomic_load_explicit(&keys.count, memory_order_acquire);
}

static int add_process(struct view label, struct err *err)
{
	bool has_value;
	struct view value = label, key = view_trim(view_take(&value, '=', &has_value));
	struct process_label *into = &keys.process[keys.n_process];
	int rc;

	if (!has_value)
		return err_set(err, ERR_USAGE, "'%.*s' is no label: it should read key=value",
			(int)label.len, label.at);
	value = view_trim(value);
	rc = check_name(key, err);
	if (rc < 0)
		return rc;
	if (keys.n_process == LABEL_KEYS_PROCESS_MAX || value.len > LABEL_KEYS_VALUE_MAX)
		return err_set(err, ERR_LIMIT, "a process has at most %d labels of %d bytes",
			LABEL_KEYS_PROCESS_MAX, LABEL_KEYS_VALUE_MAX);
	memcpy(into->key, key.at, key.len);
	into->key[key.len] = '\0';
	memcpy(into->value, value.at, value.len);
	into->value[value.len] = '\0';
	keys.n_process++;
	return 0;
}

int label_keys_set_process(const char *list, struct err *err)
{
	struct view rest = view_of(list);
	bool more = true;

	keys.n_process = 0;
	while (more) {
		struct view label = view_trim(view_take(&rest, ',', &more));
		int rc = label.len ? add_process(label, err) : 0;

		if (rc < 0) {
			keys.n_process = 0;
			return rc;
		}
	}
	return 0;
}

bool label_keys_process(size_t index, struct view *ret_key, struct view *ret_value)
{
	if (index >= keys.n_process)
		return false;
	*ret_key = view_of(keys.process[index].key);
	*ret_value = view_of(keys.process[index].value);
	return true;
}

void label_keys_after_fork(void)
{
	pthread_mutex_init(&adding, NULL);
}
