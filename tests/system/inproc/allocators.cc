// allocators: C++ whose heap is known: it keeps some of each kind, gives others back, and asks for too much.
#include <cstdio>
#include <cstdlib>
#include <new>

#define N 1000
#define UNSEEN(block) __asm__ volatile("" : : "r"(block) : "memory")

struct narrow {
	char bytes[40];
};

struct alignas(64) wide {
	char bytes[128];
};

static void *kept[4 * N];

__attribute__((noinline)) static void keep_one()
{
	for (int i = 0; i < N; i++) {
		kept[i] = new narrow;
		UNSEEN(kept[i]);
	}
}

__attribute__((noinline)) static void keep_array()
{
	for (int i = 0; i < N; i++) {
		kept[N + i] = new (std::nothrow) char[100];
		UNSEEN(kept[N + i]);
	}
}

__attribute__((noinline)) static void keep_wide()
{
	for (int i = 0; i < N; i++) {
		kept[2 * N + i] = new wide;
		UNSEEN(kept[2 * N + i]);
	}
}

__attribute__((noinline)) static void keep_plain()
{
	for (int i = 0; i < N; i++) {
		kept[3 * N + i] = malloc(100);
		UNSEEN(kept[3 * N + i]);
	}
}

__attribute__((noinline)) static void drop()
{
	for (int i = 0; i < N; i++) {
		narrow *one = new narrow;
		long *array = new long[20];
		wide *aligned = new wide[2];

		UNSEEN(one);
		UNSEEN(array);
		UNSEEN(aligned);
		delete one;
		delete[] array;
		delete[] aligned;
	}
}

static volatile size_t too_much = ~(size_t)0 / 4;

static bool refused()
{
	int caught = 0;

	try {
		UNSEEN(new char[too_much]);
	} catch (const std::bad_alloc &) {
		caught++;
	}
	try {
		UNSEEN(::operator new(too_much, std::align_val_t(64)));
	} catch (const std::bad_alloc &) {
		caught++;
	}
	return caught == 2 && !new (std::nothrow) char[too_much];
}

// As a plugin of a C program, too; which first lets the library see that there is a new file.
extern "C" void allocate_one()
{
	narrow *one = new narrow;

	UNSEEN(one);
	delete one;
}

extern "C" int allocate_all()
{
	keep_one();
	keep_array();
	keep_wide();
	keep_plain();
	drop();
	return refused() ? 3 : 1;
}

#ifndef PLUGIN
int main()
{
	return allocate_all();
}
#endif
