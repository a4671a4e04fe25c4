/// What an operator does about messages that nobody will handle. Each prints its answer and returns
/// the program's exit code.
#pragma once

#include "client/session.hpp"

#include <cstdint>

namespace ducat::cli {

exit_code list_dead_letters(const session& with);
exit_code show_dead_letter(const session& with, std::uint64_t id);

/// Sent once: a repetition would be another try.
exit_code retry_dead_letter(const session& with, std::uint64_t id);

exit_code discard_dead_letter(const session& with, std::uint64_t id);

} // namespace ducat::cli
