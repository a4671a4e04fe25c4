#include <ducat/exit_reason.hpp>

#include <caf/atom.hpp>
#include <caf/error.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>

#include <ostream>

namespace ducat {

namespace {

/// The category of the only error that says `ignored`.
constexpr auto ignored_category = caf::atom("ignored");

std::string_view name_of(exit_kind kind) noexcept {
  switch (kind) {
  case exit_kind::normal:
    return "normal";
  case exit_kind::shutdown:
    return "shutdown";
  case exit_kind::killed:
    return "killed";
  case exit_kind::crashed:
    return "crashed";
  case exit_kind::noproc:
    return "noproc";
  case exit_kind::noconnection:
    return "noconnection";
  case exit_kind::ignored:
    return "ignored";
  }
  return "unknown";
}

caf::exit_reason caf_code_of(exit_kind kind) noexcept {
  switch (kind) {
  case exit_kind::normal:
  case exit_kind::ignored: // CAF has no word for it: see to_caf.
    return caf::exit_reason::normal;
  case exit_kind::shutdown:
    return caf::exit_reason::user_shutdown;
  case exit_kind::killed:
    return caf::exit_reason::kill;
  case exit_kind::crashed:
    return caf::exit_reason::unhandled_exception;
  case exit_kind::noproc:
    return caf::exit_reason::unknown;
  case exit_kind::noconnection:
    return caf::exit_reason::remote_link_unreachable;
  }
  return caf::exit_reason::unhandled_exception;
}

exit_kind kind_of(caf::exit_reason code) noexcept {
  switch (code) {
  case caf::exit_reason::normal:
    return exit_kind::normal;
  case caf::exit_reason::user_shutdown:
    return exit_kind::shutdown;
  case caf::exit_reason::kill:
    return exit_kind::killed;
  case caf::exit_reason::unknown:
    return exit_kind::noproc;
  case caf::exit_reason::remote_link_unreachable:
  case caf::exit_reason::unreachable:
    return exit_kind::noconnection;
  case caf::exit_reason::unhandled_exception:
  case caf::exit_reason::out_of_workers:
    return exit_kind::crashed;
  }
  return exit_kind::crashed;
}

} // namespace

bool is_normal_end(const exit_reason& reason) noexcept {
  return reason.kind == exit_kind::normal || reason.kind == exit_kind::shutdown ||
         reason.kind == exit_kind::ignored;
}

std::string to_string(const exit_reason& reason) {
  std::string text{name_of(reason.kind)};
  return reason.detail.empty() ? text : text + ": " + reason.detail;
}

std::ostream& operator<<(std::ostream& out, const exit_reason& reason) {
  return out << to_string(reason);
}

caf::error to_caf(const exit_reason& reason) {
  if (reason.kind == exit_kind::normal)
    return {}; // CAF knows of no detail here.
  if (reason.kind == exit_kind::ignored)
    return {1, ignored_category};
  const caf::error plain{caf_code_of(reason.kind)};
  if (reason.detail.empty())
    return plain;
  return {plain.code(), plain.category(), caf::make_message(reason.detail)};
}

exit_reason exit_reason_of(const caf::error& reason) {
  if (!reason)
    return {};
  if (reason.category() == ignored_category)
    return {.kind = exit_kind::ignored, .detail = ""};
  if (reason.category() != caf::error{caf::exit_reason::kill}.category())
    return {.kind = exit_kind::crashed, .detail = caf::to_string(reason)};
  const caf::message& context = reason.context();
  const bool says_more = !context.empty() && context.match_element<std::string>(0);
  return {.kind = kind_of(static_cast<caf::exit_reason>(reason.code())),
          .detail = says_more ? context.get_as<std::string>(0) : ""};
}

void quit(caf::event_based_actor* self, const exit_reason& reason) {
  self->quit(to_caf(reason));
}

void ignore(caf::event_based_actor* self) {
  quit(self, {.kind = exit_kind::ignored, .detail = ""});
}

} // namespace ducat
