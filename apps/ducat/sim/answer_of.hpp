/// What the client's record says of an answer.
#pragma once

#include "record/call_record.hpp"

#include <ducat/log.hpp>
#include <ducat/v1/machine.pb.h>

namespace ducat::cli {

/// Returns what `outcome`, whose effect is in the entry that `proof` names, is on record: ok,
/// declined or refused.
call_answer answer_of(const v1::Outcome& outcome, const receipt& proof);

} // namespace ducat::cli
