#include "garble.hpp"

#include <ducat/iso8583/codec.hpp>

#include <algorithm>

namespace ducat::acquirer {

namespace {

using iso8583::dialect;
using iso8583::length_header;

char flipped(char byte, unsigned bit) {
  return static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << bit));
}

/// Flips one bit of the byte so that the frame is no message; returns whether there is one.
bool break_at(const dialect& with, std::string& frame, std::size_t position) {
  for (unsigned bit = 8; bit-- > 0;) {
    const char good = std::exchange(frame[position], flipped(frame[position], bit));
    if (!iso8583::decode_frame(with, frame))
      return true;
    frame[position] = good;
  }
  return false;
}

std::size_t header_size(const dialect& with) {
  return with.header == length_header::ascii4 ? 4 : with.header == length_header::none ? 0 : 2;
}

std::size_t bitmap_begin(const dialect& with) {
  const std::size_t mti_size = with.mti == iso8583::encoding::bcd ? 2 : 4;
  return header_size(with) + with.tpdu.bytes + mti_size;
}

void break_forwards(const dialect& with, std::string& frame) {
  std::size_t position = bitmap_begin(with);
  while (position < frame.size() && !break_at(with, frame, position))
    ++position;
}

void break_backwards(const dialect& with, std::string& frame) {
  std::size_t position = frame.size();
  while (position > bitmap_begin(with) && !break_at(with, frame, position - 1))
    --position;
}

/// More than there is: an answer is far below 9,000 bytes.
void lengthen(const dialect& with, std::string& frame) {
  switch (with.header) {
  case length_header::none:
    return;
  case length_header::binary2:
    frame[0] = static_cast<char>(0x40);
    return;
  case length_header::ascii4:
    frame[0] = '9';
    return;
  case length_header::bcd2:
    frame[0] = static_cast<char>(0x90 | (frame[0] & 0x0F));
    return;
  }
}

} // namespace

void garble(const dialect& with, garbling how, std::string& frame) {
  if (frame.empty())
    return;
  switch (how) {
  case garbling::bitmap:
    return break_forwards(with, frame);
  case garbling::field:
    return break_backwards(with, frame);
  case garbling::length:
    return lengthen(with, frame);
  case garbling::stan:
    return;
  }
}

} // namespace ducat::acquirer
