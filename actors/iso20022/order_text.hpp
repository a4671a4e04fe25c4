/// The elements of orders. What is given to these functions was checked.
#pragma once

#include "iso20022/xml_writer.hpp"

namespace ducat::iso20022 {

/// Everything before the first transfer.
void write_head(xml_writer& out, order_message which, const initiation& order,
                const control_totals& totals);

void write_transfer(xml_writer& out, order_message which, const initiation& order,
                    const credit_transfer& transfer);

/// Everything behind the last one.
void write_tail(xml_writer& out, order_message which);

} // namespace ducat::iso20022
