/// A supervision tree as the API shows it.
#pragma once

#include <ducat/child_spec.hpp>
#include <ducat/v1/node.pb.h>

namespace ducat::api {

v1::RedundancySpec view_of(const redundancy_spec& group);
v1::SupervisorSpec view_of(const supervisor_spec& spec);

} // namespace ducat::api
