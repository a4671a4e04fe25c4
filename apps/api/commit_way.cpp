#include "api/commit_way.hpp"

#include <ducat/check.hpp>

namespace ducat::api {

bool commit_way::ask() {
  if (asked_ == asked_max)
    return false;
  ++asked_;
  return true;
}

void commit_way::answered(time_point now) {
  failed();
  newest_ = now;
}

void commit_way::failed() {
  DUCAT_CHECK(asked_ > 0);
  --asked_;
}

bool commit_way::is_open(time_point now) const {
  return newest_ && now - *newest_ <= silence_max;
}

} // namespace ducat::api
