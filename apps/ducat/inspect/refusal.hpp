/// How a command that looks at a data directory says that it cannot.
#pragma once

#include "exit_code.hpp"

#include <ducat/error.hpp>

#include <iosfwd>

namespace ducat::cli {

/// Says on `err` why the log cannot be read, and what to do about it. Returns the exit code.
exit_code refuse(std::ostream& err, const error& why);

} // namespace ducat::cli
