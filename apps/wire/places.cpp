#include "wire/places.hpp"

#include "wire/endpoint.hpp"

namespace ducat::wire {

places::place::place(places& of, const boost::asio::ip::address& peer) : of_{of}, peer_{peer} {
  ++of_.taken_;
  ++of_.by_peer_[peer_];
}

places::place::~place() {
  --of_.taken_;
  if (--of_.by_peer_[peer_] == 0)
    of_.by_peer_.erase(peer_);
}

std::unique_ptr<places::place> places::take(const boost::asio::ip::address& from) {
  const auto peer = peer_of(from);
  const auto its = by_peer_.find(peer);
  if (taken_ >= most_.in_all || (its != by_peer_.end() && its->second >= most_.per_address))
    return nullptr;
  return std::make_unique<place>(*this, peer);
}

} // namespace ducat::wire
