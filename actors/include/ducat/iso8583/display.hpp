/// Messages as people may see them, in logs and on screens: without what must stay with the card.
#pragma once

#include <ducat/iso8583/dialect.hpp>
#include <ducat/iso8583/message.hpp>

#include <string>
#include <string_view>

namespace ducat::iso8583 {

/// Returns the first six and the last four characters, with * for each one between; of up to 12
/// characters only the last four, of up to four none. PCI DSS 3.4.1 allows no more.
std::string masked_pan(std::string_view pan);

/// Returns what may be shown of `shown`: it, masked_pan() of it, or "<secret, 8 bytes>". Bytes are
/// shown as upper case hexadecimal.
std::string to_display(const value& shown, exposure as);

/// Returns "0200 2=411111******1111 4=000000001000 52=<secret, 8 bytes>". Fields are shown as the
/// dialect says.
std::string to_display(const dialect& with, const message& shown);

/// The same without a dialect: as default_exposure() says.
std::string to_display(const message& shown);

} // namespace ducat::iso8583
