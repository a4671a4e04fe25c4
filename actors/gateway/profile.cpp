#include <ducat/gateway/profile.hpp>
#include <ducat/payment/currency.hpp>

#include <utility>

namespace ducat::gateway {

namespace {

constexpr std::size_t id_length = 8;

tl::unexpected<error> wrong(const terminal_profile& with, const std::string& what) {
  return fail(errc::invalid_argument,
              "terminal " + (with.id.empty() ? "without an id" : with.id) + ": " + what);
}

result<void> check(const terminal_profile& with) {
  if (!payment::find_currency(with.currency))
    return wrong(with, "`currency` is no ISO 4217 code");
  if (with.from.empty() || with.to.empty() || with.from == with.to)
    return wrong(with, "`to` has to be an account, and another one than `from` of the gateway");
  if (!with.merchant.empty() && with.merchant.size() != 15)
    return wrong(with, "`merchant` has 15 characters");
  return {};
}

} // namespace

bool is_terminal_id(std::string_view id) noexcept {
  constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  return id.size() == id_length && id.find_first_not_of(allowed) == id.npos;
}

result<roster> roster::make(std::vector<terminal_profile> known,
                            std::optional<terminal_profile> any) {
  roster made;
  for (terminal_profile& each : known) {
    if (!is_terminal_id(each.id))
      return wrong(each, "`id` has to be 8 of a-z A-Z 0-9 . _ -");
    if (auto good = check(each); !good)
      return tl::unexpected(good.error());
    if (made.known_.contains(each.id))
      return wrong(each, "there are two of that id");
    const std::string id = each.id;
    made.known_.emplace(id, std::move(each));
  }
  if (any)
    if (auto good = check(*any); !good)
      return tl::unexpected(good.error());
  made.any_ = std::move(any);
  return made;
}

std::optional<terminal_profile> roster::find(std::string_view id) const {
  if (!is_terminal_id(id))
    return std::nullopt;
  if (const auto found = known_.find(id); found != known_.end())
    return found->second;
  auto profile = any_;
  if (profile)
    profile->id = id;
  return profile;
}

} // namespace ducat::gateway
