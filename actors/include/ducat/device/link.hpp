/// A link to an acquirer: one supervised actor with one connection, over which requests go and are
/// answered in whatever order. docs/devices.md says what it does when.
#pragma once

#include <ducat/child_spec.hpp>
#include <ducat/device/link_figures.hpp>
#include <ducat/device/link_options.hpp>
#include <ducat/device/link_outcome.hpp>
#include <ducat/error.hpp>
#include <ducat/handle.hpp>
#include <ducat/iso8583/dialect.hpp>
#include <ducat/iso8583/message.hpp>
#include <ducat/time.hpp>

#include <caf/allowed_unsafe_message_type.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace ducat::device {

class link_dialer;

/// The host shows a certificate; this end does if the host wants one. At least TLS 1.2. The files
/// are read at each connection, so that they may be renewed.
struct link_tls {
  std::filesystem::path ca{};          ///< Who may have signed the host's certificate.
  std::string server_name{};           ///< That it is for; empty: link_config::host.
  std::filesystem::path certificate{}; ///< Of this end; empty: none.
  std::filesystem::path key{};         ///< Only this process's user may read it.
  bool allows_tls_1_2 = false;         ///< Otherwise TLS is 1.3.
};

struct link_config {
  std::string name; ///< For logs and events.
  std::string host; ///< A name or an address.
  std::uint16_t port = 0;
  bool plain = false; ///< Without TLS. Has to be asked for, and then there is no link_tls.
  link_tls tls{};
  iso8583::dialect dialect{};
  std::string tpdu{}; ///< In front of what is sent, if it has none; as long as the dialect's.
  link_options options{};
  /// Is sent link_changed and link_unmatched. One that does not run misses them: they are logged
  /// as well, an unmatched message without its fields.
  handle listener{};
  std::uint64_t seed = 0; ///< Of the jitter and the first own trace number; 0: another each time.

  std::shared_ptr<link_dialer> dialer{}; ///< Default: TCP. For simulations, as is the next one.
  std::function<log_time()> now{};       ///< Of its own messages; default: the machine's clock.
};

/// Returns nothing if there can be such a link. Errors: invalid_argument, naming the field.
result<void> check(const link_config& config);

// Messages to the link ----------------------------------------------------------------------------

/// A payment: is sent once. Answered, once, with `transmitted`. What the request itself can fail
/// with is told by error_of(): unavailable, the link did not run and nothing was sent;
/// outcome_unknown, it went down before it answered, or the caller's own timeout passed.
struct transmit {
  request_id id;
  iso8583::message what; ///< With all its fields: the link changes none.
  time_point deadline;   ///< By the clock of the actor system.
};

/// An advice or a reversal, of which more than one may arrive: is sent once as well, also over a
/// link that is suspect. Whoever stores it sends it again (saf_core.hpp). Answered as `transmit`.
struct forward {
  request_id id;
  iso8583::message what;
  time_point deadline;
};

struct transmitted {
  device::outcome outcome;
};

/// Answered with link_figures.
struct query_link {};

/// From now on the link takes nothing new; it ends what is under way, signs off and stays down.
/// Answered with link_figures, at once.
struct drain_link {};

/// The link is to be up. So it is when it starts. Answered as drain_link.
struct resume_link {};

// Messages of the link to its listener ------------------------------------------------------------

struct link_changed {
  std::string link;
  link_state from;
  link_state to;
  std::string why; ///< For people; without a byte of a message.
};

struct link_unmatched {
  std::string link;
  unmatched message;
};

/// Returns the start of a link, which connects at once and again whenever it has to. The start
/// fails if check() refuses `config`. A life that ends closes its connection, and what it had under
/// way is unknown; the next life knows nothing of it, and calls late answers unexpected.
child_start acquirer_link(link_config config);

} // namespace ducat::device

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::device::transmit)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::device::forward)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::device::transmitted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::device::query_link)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::device::drain_link)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::device::resume_link)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::device::link_changed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::device::link_unmatched)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ducat::device::link_figures)
