/// What a caller keeps with a payment: its limits, and its ways in and out. Pure.
#pragma once

#include <ducat/payment/records.hpp>
#include <ducat/payment/refusal.hpp>
#include <ducat/v1/journal.pb.h>

namespace ducat::payment {

/// Returns why a payment cannot have the metadata of `command`: too many pairs, a wrong key, a
/// value that is too long; command_malformed if the keys do not ascend, since then the same
/// metadata would have several fingerprints.
refusal check_metadata(const v1::CreatePayment& command);

/// Returns the metadata of `command`, which check_metadata() let pass.
metadata metadata_of(const v1::CreatePayment& command);

} // namespace ducat::payment
