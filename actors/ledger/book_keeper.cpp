#include <ducat/fatal.hpp>
#include <ducat/ledger/book_keeper.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace ducat::ledger {

namespace {

const std::string grants_row = "grants";

grant_map grants_in(const segment_store& store) {
  grant_map found;
  store.visit_rows(grants_row, [&](std::string_view key, std::string_view value) {
    if (key != grants_row)
      return false;
    auto decoded = decode_grants(value);
    if (!decoded)
      end_process(decoded.error());
    found = std::move(*decoded);
    return false;
  });
  return found;
}

} // namespace

book_keeper::book_keeper(std::shared_ptr<segment_store> store, keeping_limits limits, book& fresh)
    : store_{std::move(store)}, limits_{limits} {
  store_->restore(fresh);
  let_go_ = store_->show_written(); // Those of an earlier life: this book never had them.
  taken_ = let_go_;
  begun_ = store_->durable_to().index;
  grants_ = grants_in(*store_);
}

receipt book_keeper::durable_to() const {
  return store_ == nullptr ? receipt{} : store_->durable_to();
}

bool book_keeper::is_due(const book& of, std::size_t rows, const receipt& newest) const {
  return store_ != nullptr &&
         (of.newest_size() + rows >= limits_.records || newest.index >= begun_ + limits_.entries);
}

void book_keeper::keep(book& of, const receipt& newest, const grant_map& grants,
                       std::vector<kept_row> rows) {
  rows.push_back({grants_row, encode(grants)});
  store_->add(of.seal(), newest, std::move(rows));
  ++taken_;
  begun_ = newest.index;
}

void book_keeper::let_go(book& of) {
  if (store_ == nullptr)
    return;
  for (const std::uint64_t written = store_->show_written(); let_go_ < written; ++let_go_)
    of.let_go();
}

} // namespace ducat::ledger
