/// The calls about messages that nobody will handle.
#pragma once

#include "api/gateway.hpp"

#include <ducat/node.hpp>
#include <ducat/v1/node.pb.h>

#include <cstdint>

namespace ducat::api {

v1::ListDeadLettersReply list_dead_letters(const node& node);

/// Errors: not_found.
result<v1::DeadLetter> find_dead_letter(const node& node, std::uint64_t id);

/// Errors: not_found.
result<v1::DiscardDeadLetterReply> discard_dead_letter(const node& node, std::uint64_t id);

/// Sends the letter again to where it was sent, and answers what came of it. It is a letter no
/// more, unless nothing was done with it; if a pool quarantines it again it is a new one. Errors:
/// not_found.
void retry_dead_letter(const node& node, std::uint64_t id, time_point deadline,
                       const answer_once<v1::RetryDeadLetterReply>& answer);

} // namespace ducat::api
