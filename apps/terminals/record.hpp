/// What the terminals know of their payments, as a file: a JSON object a line.
#pragma once

#include "terminal.hpp"

#include <string>

namespace ducat::terminals {

/// Returns the line, without its end. It holds no card number.
std::string line_of(const finished_payment& what);

} // namespace ducat::terminals
