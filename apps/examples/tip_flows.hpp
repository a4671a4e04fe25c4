/// The tip jar as a flow that can be proven, and one that is wrong.
#pragma once

#include <ducat/testing/prove.hpp>

/// The tip jar of first_payment.cpp.
ducat::testing::flow tips_flow();

/// A tip jar that says thank you before the tip is in the log.
ducat::testing::flow hasty_tips_flow();
