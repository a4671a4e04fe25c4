/// What must hold of every flow.
#pragma once

namespace ducat::sim {

inline constexpr const char* claim_answered = "every request is answered";
inline constexpr const char* claim_same = "a request that is asked again is answered the same";
inline constexpr const char* claim_once = "no effect is there twice";
inline constexpr const char* claim_agree = "all nodes say the same";
inline constexpr const char* claim_ends = "the run ends by itself"; ///< And not the process.

} // namespace ducat::sim
