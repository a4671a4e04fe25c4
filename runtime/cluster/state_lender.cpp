#include "cluster/state_lender.hpp"

#include <algorithm>
#include <fstream>
#include <random>
#include <system_error>
#include <utility>

namespace ducat::cluster {

namespace fs = std::filesystem;

namespace {

/// Reads the next part of a file; an empty one at its end, nothing if that cannot be.
std::optional<std::string> next_part(std::ifstream& from) {
  std::string part(state_part_bytes, '\0');
  from.read(part.data(), static_cast<std::streamsize>(part.size()));
  if (from.bad())
    return std::nullopt;
  part.resize(static_cast<std::size_t>(from.gcount()));
  return part;
}

result<state_file> described(const fs::path& path) {
  state_file file{.name = path.filename().string(), .size = 0, .hash = {}};
  std::ifstream from{path, std::ios::binary};
  for (;;) {
    const auto part = from ? next_part(from) : std::optional<std::string>{""};
    if (!part)
      return fail(errc::io, "cannot read " + path.string());
    if (part->empty())
      break;
    file.size += part->size();
    file.hash = hash_after(file.hash, *part);
  }
  std::error_code code;
  if (file.size != fs::file_size(path, code) || code)
    return fail(errc::io, "cannot read all of " + path.string());
  return file;
}

result<std::vector<state_file>> files_in(const fs::path& directory) {
  std::vector<state_file> files;
  std::error_code code;
  for (const auto& each : fs::directory_iterator{directory, code}) {
    auto file = described(each.path());
    if (!file)
      return tl::unexpected(file.error());
    files.push_back(std::move(*file));
  }
  if (code)
    return fail(errc::io, "cannot list " + directory.string());
  std::ranges::sort(files, {}, &state_file::name);
  return files;
}

fs::path beside(const fs::path& state) {
  return state.string() + ".lent";
}

} // namespace

state_lender::state_lender(std::shared_ptr<const state_store> store, clock_function now)
    : store_{std::move(store)}, now_{std::move(now)}, place_{beside(store_->directory())},
      copies_{std::random_device{}()} {
  remove();
}

state_lender::~state_lender() {
  remove();
}

result<std::string> state_lender::answer(std::string_view type, const std::string& body) {
  tidy();
  if (type == state_offer_type)
    return make_offer();
  if (type == state_read_type)
    return decode_state_read(body).and_then([&](const state_read& what) { return read(what); });
  if (type != state_return_type)
    return fail(errc::invalid_argument, "a node does not know " + std::string{type});
  return decode_state_return(body).map([&](const state_return& what) {
    if (lent_ && lent_->offer.copy == what.copy)
      remove();
    return std::string{};
  });
}

result<std::string> state_lender::make_offer() {
  if (lent_)
    return fail(errc::overloaded, "another node gets a copy of the state");
  if (auto copied = store_->copy_to(place_); !copied)
    return tl::unexpected(copied.error());
  auto files = files_in(place_);
  if (!files) {
    remove();
    return tl::unexpected(files.error());
  }
  lent_ = lent{.offer = {.copy = ++copies_, .files = std::move(*files)},
               .asked_at = now_()}; // Not before: to read all of it takes its time.
  return encode(lent_->offer);
}

result<std::string> state_lender::read(const state_read& what) {
  const auto& offer = lent_ ? lent_->offer : state_offer{};
  if (!lent_ || offer.copy != what.copy || what.file >= offer.files.size() ||
      what.part >= parts_of(offer.files[what.file], offer.part_bytes))
    return fail(errc::not_found, "there is no such part of a copy of the state");
  lent_->asked_at = now_();
  const fs::path path = place_ / offer.files[what.file].name;
  std::ifstream from{path, std::ios::binary};
  from.seekg(static_cast<std::streamoff>(what.part * offer.part_bytes));
  auto part = from ? next_part(from) : std::nullopt;
  if (!part)
    return fail(errc::io, "cannot read " + path.string());
  return std::move(*part);
}

void state_lender::tidy() {
  if (lent_ && now_() - lent_->asked_at > idle_max)
    remove();
}

void state_lender::remove() {
  lent_.reset();
  std::error_code code;
  fs::remove_all(place_, code);
}

} // namespace ducat::cluster
