/// The entries of the log on etcd, delivered as they come.
#pragma once

#include "etcd/client.hpp"
#include "etcd/keys.hpp"

#include <ducat/shared_log.hpp>

#include <memory>

namespace ducat::etcd {

/// See shared_log::follow(). `through` and `names` must outlive it.
std::unique_ptr<log_feed> make_feed(const client& through, const keys& names, receipt last,
                                    entry_callback deliver);

} // namespace ducat::etcd
