/*
 * requests: a C++ service whose samples say which route and which trace they belong to.
 *
 *     c++ -std=c++17 -O2 -g requests.cc -lflyover -pthread && ./a.out &
 *     go tool pprof -tags http://localhost:6060/debug/pprof/profile?seconds=5
 */
#include <flyover/flyover.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <thread>

namespace
{

// Registered once: setting a label later costs a few nanoseconds.
const int route_key = fly_label_key("route", nullptr);

std::size_t look_up(const std::map<int, std::string> &names)
{
	std::size_t total = 0;
	for (int i = 0; i < 20000; i++)
		total += names.at(i % 1000).size();
	return total;
}

std::size_t build(int size)
{
	std::map<int, std::string> names;
	for (int i = 0; i < size; i++)
		names[i] = "name " + std::to_string(i);
	return look_up(names);
}

std::size_t serve(const char *route, const char *traceparent)
{
	fly_trace trace;
	fly_trace_parse(traceparent, &trace, nullptr); // zeros if it is none
	flyover::trace_scope in_trace(trace);
	flyover::label_scope in_route(route_key, route);

	return build(1000);
}

} // namespace

int main(int argc, char **argv)
{
	fly_error error;

	if (fly_process_labels("service_name=requests", &error) != FLY_OK ||
		fly_http_listen("localhost:6060", nullptr, &error) != FLY_OK)
		std::fprintf(stderr, "no profiles: %s\n", error.text); // and the service goes on
	int rounds = argc > 1 ? std::stoi(argv[1]) : 1000000;
	std::thread other([rounds] {
		for (int i = 0; i < rounds; i++)
			serve("/list", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
	});
	std::size_t total = 0;
	for (int i = 0; i < rounds; i++)
		total += serve("/item", "");
	other.join();
	return total == 0;
}
