/// What becomes of a request on a link, in the words of payments.
#pragma once

#include <ducat/device/link_outcome.hpp>
#include <ducat/error.hpp>
#include <ducat/payment/acquirer.hpp>

#include <functional>

namespace ducat::acquiring {

struct meaning {
  payment::acquirer_answer answer;
  bool was_answered = false; ///< The acquirer has said something, whatever it was.
};

/// Says what an outcome means; `read` says what an answer does.
meaning meaning_of(const device::outcome& what,
                   const std::function<payment::acquirer_answer(const iso8583::message&)>& read);

/// Only `unavailable` proves that nothing was sent.
meaning meaning_of(const error& why);

} // namespace ducat::acquiring
