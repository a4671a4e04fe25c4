/// How a dashboard is told of trees and payments. Pure; any thread.
#pragma once

#include <ducat/v1/event.pb.h>
#include <ducat/v1/node.pb.h>
#include <ducat/v1/payment.pb.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ducat::api {

/// A supervisor with more children than these is shown with their number.
constexpr std::size_t shown_children_max = 32;

/// How many of them a page has.
constexpr std::size_t children_page_size = 50;

/// Returns the tree, whatever its size, in some hundred rows:
/// {"root": {strategy, restarts_max, window_ms}, "children": [...], "crowds": [{path, count,
/// states, restarts}]}. The children are those of TreeReply without those of a crowd, and what is
/// below them.
std::string tree_json(const v1::TreeReply& tree);

/// Returns {"children": [...], "count"}: of the children of the supervisor `path`, empty for the
/// root, a page that begins after the first `from`.
std::string children_json(const v1::TreeReply& tree, const std::string& path, std::size_t from);

/// Returns {"children": [{path, waiting, restarts_left, zombies}]}: of each child with messages
/// that it has not handled, with a budget or with zombies. Messages kept in front of it wait, too.
std::string figures_json(const v1::FiguresReply& figures);

/// Returns one row of a list of payments: the event, and the payment as that left it.
std::string payment_row(const v1::Event& what);

/// Returns the same of a payment as it is now; at_ns says since when it has been in doubt.
std::string doubt_row(const v1::Payment& payment);

/// Returns whether an attempt of it is in doubt, or only somebody can decide.
bool is_in_doubt(const v1::Payment& payment);

/// Returns {"data": [...], name: flag}.
std::string rows_json(const std::vector<std::string>& rows, const char* name, bool flag);

} // namespace ducat::api
