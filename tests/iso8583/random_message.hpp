/// Dialects and messages that nobody thought of.
#pragma once

#include <ducat/iso8583/dialect.hpp>
#include <ducat/iso8583/message.hpp>

#include <random>

namespace ducat::test {

using randomness = std::mt19937_64;

/// Returns a number from 0 to `most`.
std::size_t up_to(randomness& random, std::size_t most);

std::string random_bytes(randomness& random, std::size_t count);

/// Returns a message that can be written in `with`.
iso8583::message random_message(randomness& random, const iso8583::dialect& with);

/// Returns a dialect that passes check(): each field has or has not a length prefix, in some
/// encoding, and so on.
iso8583::dialect random_dialect(randomness& random);

} // namespace ducat::test
