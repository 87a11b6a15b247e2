/* test_perf_ring: perf's records are read whole, also across the end of the ring. */
#include "testing.h"

#include <sys/mman.h>
#include <unistd.h>

#include "sampler/perf_ring.h"

#define DATA 4096u

static struct perf_event_mmap_page *open_model(int *ret_fd)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct perf_event_mmap_page *model;

	*ret_fd = memfd_create("perf", MFD_CLOEXEC);
	assert_int_equal(ftruncate(*ret_fd, (off_t)(page + DATA)), 0);
	model = mmap(NULL, page + DATA, PROT_READ | PROT_WRITE, MAP_SHARED, *ret_fd, 0);
	assert_ptr_not_equal(model, MAP_FAILED);
	model->data_offset = page;
	model->data_size = DATA;
	return model;
}

/* A record of `size` bytes, each body byte the type. */
static void put(struct perf_event_mmap_page *model, uint32_t type, uint16_t size)
{
	char bytes[DATA];
	struct perf_event_header header = { .type = type, .size = size };
	char *data = (char *)model + model->data_offset;

	memset(bytes, (int)type, size);
	memcpy(bytes, &header, sizeof(header));
	for (size_t i = 0; i < size; i++)
		data[(model->data_head + i) % DATA] = bytes[i];
	model->data_head += size;
}

static void reads_around_the_end_of_the_ring(void **state)
{
	struct perf_event_mmap_page *model;
	const struct perf_event_header *header;
	struct perf_ring ring;
	int fd;

	model = open_model(&fd);
	assert_int_equal(perf_ring_open(&ring, fd, DATA, NULL), 0);
	for (uint32_t i = 1; i < 100; i++) {
		put(model, i, 1000);
		perf_ring_begin(&ring);
		header = perf_ring_next(&ring);
		assert_non_null(header);
		assert_int_equal(header->type, i);
		for (size_t j = sizeof(*header); j < 1000; j++)
			assert_int_equal(((const unsigned char *)header)[j], i);
		assert_null(perf_ring_next(&ring));
		perf_ring_end(&ring);
		assert_int_equal(model->data_tail, model->data_head);
	}
	perf_ring_close(&ring);
	close(fd);
}

static void a_record_that_cannot_be_ends_the_reading(void **state)
{
	struct perf_event_mmap_page *model;
	struct perf_ring ring;
	int fd;

	model = open_model(&fd);
	assert_int_equal(perf_ring_open(&ring, fd, DATA, NULL), 0);
	put(model, 1, 16);
	((struct perf_event_header *)((char *)model + model->data_offset))->size = 4;
	perf_ring_begin(&ring);
	assert_null(perf_ring_next(&ring));
	perf_ring_end(&ring);
	put(model, 2, 16);
	((struct perf_event_header *)((char *)model + model->data_offset + 16))->size = 999;
	perf_ring_begin(&ring);
	assert_null(perf_ring_next(&ring));
	perf_ring_close(&ring);
	close(fd);
}

static void says_when_there_is_no_ring(void **state)
{
	struct perf_ring ring;
	struct err err = { 0 };

	assert_true(perf_ring_open(&ring, -1, DATA, &err) < 0);
	assert_non_null(strstr(err.text, "perf ring"));
}

static void passes_the_kernels_refusal_on(void **state)
{
	struct perf_event_attr attr = { .type = 0xffffff, .size = sizeof(attr) };

	assert_true(perf_ring_event(&attr, 0, -1, -1) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_around_the_end_of_the_ring),
		cmocka_unit_test(a_record_that_cannot_be_ends_the_reading),
		cmocka_unit_test(says_when_there_is_no_ring),
		cmocka_unit_test(passes_the_kernels_refusal_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
