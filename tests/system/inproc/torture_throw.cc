// torture_throw: exceptions and thread-local destructors under a profile, in several threads, while libraries come and go.
#include <atomic>
#include <cstdio>
#include <cstring>
#include <dlfcn.h>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "kinds.h"

namespace
{

std::atomic<long> destroyed{ 0 };

struct counted {
	~counted()
	{
		destroyed++;
	}
};

thread_local counted of_thread;

[[gnu::noinline]] void dive(int left)
{
	counted here;
	if (left == 0)
		throw std::runtime_error("the bottom " + std::to_string(left));
	dive(left - 1);
}

void work(int rounds, std::atomic<long> *caught)
{
	(void)&of_thread;
	for (int i = 0; i < rounds; i++) {
		try {
			dive(i % 30);
		} catch (const std::exception &e) {
			if (std::strcmp(e.what(), "the bottom 0") == 0)
				(*caught)++;
		}
	}
}

} // namespace

int main(int argc, char **argv)
{
	constexpr int threads = 4, rounds = 30000;
	std::atomic<long> caught{ 0 };
	std::vector<std::thread> all;

	if (argc != 2 || kinds_start(argv[1]))
		return 1;
	for (int i = 0; i < threads; i++)
		all.emplace_back(work, rounds, &caught);
	for (int i = 0; i < 300; i++)
		if (void *library = dlopen("libm.so.6", RTLD_NOW))
			dlclose(library);
	for (auto &one : all)
		one.join();
	if (kinds_stop())
		return 1;
	std::printf("%ld caught\n", caught.load());
	return caught == long{ threads } * rounds && destroyed >= caught ? 0 : 2;
}
