/// Totals as messages, and back. Any totals are good ones.
#pragma once

#include <ducat/payment/acquirer_totals.hpp>
#include <ducat/v1/journal.pb.h>

namespace ducat::payment {

v1::Tally message_of(const tally& what);
v1::AcquirerTotals message_of(const acquirer_totals& what);
tally tally_in(const v1::Tally& from);
acquirer_totals totals_in(const v1::AcquirerTotals& from);

} // namespace ducat::payment
