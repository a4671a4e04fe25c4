/// Lists, a page at a time.
#pragma once

#include "client/session.hpp"

#include <algorithm>

namespace ducat::cli {

constexpr std::uint32_t page_size_max = 100;

/// Returns one page, or with `page.all` every row from `page.after` on as one reply. `fetch` asks
/// for one page.
template <class Request, class Reply, class Fetch>
tl::expected<Reply, failure> fetch_pages(const page_options& page, const Fetch& fetch) {
  Request request;
  request.set_limit(page.limit == 0 && page.all ? page_size_max : page.limit);
  request.set_starting_after(page.after);
  Reply whole;
  for (;;) {
    tl::expected<Reply, failure> part = fetch(request);
    if (!part)
      return part;
    whole.MergeFrom(*part);
    whole.set_has_more(part->has_more());
    if (!page.all || !part->has_more() || part->data().empty())
      return whole;
    request.set_starting_after(part->data().rbegin()->id());
  }
}

} // namespace ducat::cli
