/// The options of `ducat bench settle`.
#pragma once

#include "bench/settle/settle_bench.hpp"

#include <functional>

namespace CLI {
class App;
}

namespace ducat::cli {

/// Adds the command to `bench`. It fills `arguments`, which must outlive it, and calls `chosen`.
void add_settle_bench(CLI::App& bench, settle_arguments& arguments, std::function<void()> chosen);

} // namespace ducat::cli
