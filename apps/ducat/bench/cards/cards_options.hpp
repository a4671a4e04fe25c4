/// The options of `ducat bench cards`.
#pragma once

#include "bench/cards/cards_bench.hpp"

#include <functional>

namespace CLI {
class App;
}

namespace ducat::cli {

/// Adds the command to `bench`. It fills `arguments`, which must outlive it, and calls `chosen`.
void add_cards_bench(CLI::App& bench, cards_arguments& arguments, std::function<void()> chosen);

} // namespace ducat::cli
