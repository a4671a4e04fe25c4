/// The calls about links to acquirers.
#pragma once

#include "api/gateway.hpp"

#include <ducat/node.hpp>
#include <ducat/time.hpp>
#include <ducat/v1/node.pb.h>

#include <caf/fwd.hpp>

#include <map>
#include <string>
#include <vector>

namespace ducat::api {

/// Where in the node's tree an acquirer's children are.
struct served_acquirer {
  std::string name;
  std::string group;                        ///< Path of the link_group_actor.
  std::map<std::string, std::string> links; ///< Their paths, by name.
};

/// Asks each group. Runs on `self`. Errors: unavailable (one does not run), outcome_unknown (one
/// does not answer in time).
void list_links(caf::event_based_actor* self, const node& local,
                const std::vector<served_acquirer>& acquirers, time_point deadline,
                const answer_once<v1::ListLinksReply>& answer);

/// Tells the link. Runs on `self`. Errors: not_found, invalid_argument (no such change), and those
/// of list_links().
void change_link(caf::event_based_actor* self, const node& local,
                 const std::vector<served_acquirer>& acquirers,
                 const v1::ChangeLinkRequest& request, time_point deadline,
                 const answer_once<v1::ChangeLinkReply>& answer);

} // namespace ducat::api
