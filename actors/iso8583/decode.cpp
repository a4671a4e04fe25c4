#include "iso8583/bitmap.hpp"
#include "iso8583/field_codec.hpp"
#include "iso8583/mti_field.hpp"

#include <ducat/iso8583/codec.hpp>
#include <ducat/iso8583/mti.hpp>

namespace ducat::iso8583 {

bool is_known_mti(const dialect& with, std::string_view digits) noexcept {
  const auto type = parse_mti(digits);
  return type && with.versions.find(type->version) != std::string::npos;
}

namespace {

class decoder {
public:
  decoder(const dialect& with, std::string_view payload) : with_{with}, payload_{payload} {}

  result<message> run() {
    return take_tpdu()
        .and_then([&] { return take_mti(); })
        .and_then([&] { return take_fields_present(); })
        .and_then([&] { return take_fields(); })
        .and_then([&] { return expect_end(); })
        .map([&] { return std::move(message_); });
  }

private:
  std::string_view rest() const { return payload_.substr(at_); }

  static tl::unexpected<problem> wrong(std::optional<int> field, std::size_t offset, fault what,
                                       std::string detail) {
    return tl::unexpected(
        problem{.what = what, .field = field, .offset = offset, .detail = std::move(detail)});
  }

  /// What is wrong with the part that begins here.
  tl::unexpected<problem> wrong_here(int field, const part_problem& part) const {
    return wrong(field, at_ + part.at, part.what, part.detail);
  }

  result<void> take_tpdu() {
    if (rest().size() < with_.tpdu.bytes)
      return wrong({}, payload_.size(), fault::truncated, "the TPDU is cut off");
    message_.set_tpdu(std::string{rest().substr(0, with_.tpdu.bytes)});
    at_ += with_.tpdu.bytes;
    return {};
  }

  result<void> take_mti() {
    auto read_one = read(mti_field(with_), with_.hex_digits, rest());
    if (!read_one)
      return wrong_here(0, read_one.error());
    if (!is_known_mti(with_, read_one->what.data))
      return wrong(0, at_, fault::unknown_mti, "no message type of the dialect");
    message_.set_mti(std::move(read_one->what.data));
    at_ += read_one->bytes;
    return {};
  }

  result<void> take_fields_present() {
    const auto bitmap = read_fields_present(with_, rest());
    if (!bitmap)
      return wrong_here(1, bitmap.error());
    present_ = bitmap->present;
    for (int field = field_number_min; field <= field_number_max; ++field)
      if (is_present(field) && !with_.fields.contains(field))
        return wrong(field, at_ + place_in_bitmap(with_, field), fault::unknown_field,
                     "the bitmap has it, and the dialect does not");
    at_ += bitmap->bytes;
    return {};
  }

  result<void> take_fields() {
    for (const auto& [field, spec] : with_.fields) {
      if (!is_present(field))
        continue;
      auto read_one = read(spec, with_.hex_digits, rest());
      if (!read_one)
        return wrong_here(field, read_one.error());
      value& what = read_one->what;
      what.is_bytes ? message_.set_bytes(field, std::move(what.data))
                    : message_.set(field, std::move(what.data));
      at_ += read_one->bytes;
    }
    return {};
  }

  result<void> expect_end() const {
    if (!rest().empty())
      return wrong({}, at_, fault::trailing_bytes,
                   std::to_string(rest().size()) + " bytes are left after the last field");
    return {};
  }

  bool is_present(int field) const { return present_[static_cast<std::size_t>(field)]; }

  const dialect& with_;
  std::string_view payload_;
  std::size_t at_ = 0; ///< Invariant: at_ <= payload_.size()
  field_set present_;
  message message_;
};

} // namespace

result<message> decode(const dialect& with, std::string_view payload) {
  return decoder{with, payload}.run();
}

} // namespace ducat::iso8583
