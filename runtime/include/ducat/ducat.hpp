/// Everything that a program of payment actors needs.
#pragma once

#include <ducat/ask.hpp>
#include <ducat/child_spec.hpp>
#include <ducat/durable.hpp>
#include <ducat/error.hpp>
#include <ducat/fault.hpp>
#include <ducat/handle.hpp>
#include <ducat/node.hpp>
#include <ducat/router.hpp>
#include <ducat/run.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>
