/// The actor between payments and a link: it puts attempts into ISO 8583, and answers back into
/// what they mean for a payment.
#pragma once

#include <ducat/acquiring/messages.hpp>
#include <ducat/child_spec.hpp>
#include <ducat/handle.hpp>

namespace ducat::acquiring {

/// Answers payment::authorize_attempt and payment::reverse_attempt by way of `link`, an
/// acquirer_link. What the link says was not sent is `not_sent`, what it does not know is
/// `in_doubt`, as is what its life does not outlive. Keeps nothing.
caf::behavior acquirer_actor(caf::event_based_actor* self, const handle& link, const profile& with);

} // namespace ducat::acquiring
