/// The secret that deliveries to an endpoint are signed with.
#pragma once

#include <ducat/time.hpp>

#include <string>
#include <utility>

namespace ducat::webhook {

/// It has no way to be printed.
class secret {
public:
  /// `text` is whsec_ and base64; it is good until `until`, 0: for good.
  secret(std::string text, log_time until) : text_{std::move(text)}, until_{until} {}

  bool is_good_at(log_time now) const noexcept { return until_ == log_time{} || now < until_; }

  /// For whoever signs.
  const std::string& reveal() const noexcept { return text_; }

private:
  std::string text_;
  log_time until_;
};

} // namespace ducat::webhook
