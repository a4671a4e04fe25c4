/// What a schema says of the fields of an order.
#pragma once

#include <ducat/iso20022/initiation.hpp>

namespace ducat::iso20022 {

/// Returns nothing, or the first problem of what all transfers of the order share.
result<void> check_order(order_message which, const initiation& order);

/// Returns nothing, or the transfer's first problem, without the number of the transfer.
result<void> check_transfer(order_message which, const initiation& order,
                            const credit_transfer& transfer);

} // namespace ducat::iso20022
