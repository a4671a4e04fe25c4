#!/usr/bin/env bash
# The rules that no compiler checks. Run from the root of the tree: tests/style/check.sh RULE
set -uo pipefail

# Prints what a grep finds and fails if it finds anything.
none() {
  local why=$1
  shift
  if grep -rnE --include='*.hpp' --include='*.cpp' "$@"; then
    echo "not allowed: $why" >&2
    return 1
  fi
}

# An include may only point down: apps -> actors -> runtime.
layers() {
  local bad=0
  none "runtime knows nothing of payments" \
    '#include [<"](ducat/(ledger|payment|v1)|ledger|payment|api)/' runtime || bad=1
  none "actors know nothing of apps" '#include [<"]api/' actors || bad=1
  none "CAF, gRPC and RocksDB stay out of the log's and the ledger's headers" \
    '#include <(caf|grpcpp|rocksdb)/' actors/include/ducat/ledger actors/ledger \
    runtime/include/ducat/log.hpp runtime/include/ducat/embedded_log.hpp \
    runtime/include/ducat/error.hpp runtime/include/ducat/fault.hpp \
    runtime/include/ducat/availability.hpp runtime/include/ducat/availability_board.hpp \
    runtime/include/ducat/prediction.hpp || bad=1
  none "the monitor is below the node and the cluster" \
    '#include [<"](ducat/)?(node|cluster|etcd)[./_]' runtime/monitor \
    runtime/include/ducat/availability_board.hpp runtime/include/ducat/tree_availability.hpp || bad=1
  none "OpenSSL stays out of the public headers" '#include <openssl/' runtime/include || bad=1
  none "the codec of ISO 8583 needs nothing but itself" \
    '#include [<"]((caf|grpcpp|google|rocksdb|ledger|payment)/|ducat/([a-hj-z]|i[^s]))' \
    actors/iso8583 actors/include/ducat/iso8583 || bad=1
  none "files of banks need nothing of payments but the currencies" \
    '#include [<"]((caf|grpcpp|google|rocksdb|ledger|payment|settlement)/|ducat/([a-hj-oq-z]|p[^a]|payment/[^c]))' \
    actors/iso20022 actors/include/ducat/iso20022 || bad=1
  none "the arithmetic of settlement knows neither actors nor messages" \
    '#include [<"]((caf|grpcpp|google|rocksdb|ledger|payment|settlement)/|ducat/(v1|ledger|payment)/)' \
    actors/settlement/{calendar,fee,liquidity,positions,reserve,rounding,split}.cpp \
    actors/include/ducat/settlement/{calendar,fee,liquidity,positions,reserve,rounding,split}.hpp || bad=1
  none "devices know the runtime and the codec of ISO 8583, and no money" \
    '#include [<"](ducat/)?(ledger|ledger_store|payment|v1|api)/' actors/device \
    actors/include/ducat/device || bad=1
  none "what decides for a link knows neither actors nor sockets" \
    '#include <(caf|boost|openssl)/' actors/device/{link_core,link_action,match_table,grey_detector}.hpp \
    actors/device/{link_core,link_requests,match_table,grey_detector,network_message,saf_core}.cpp \
    actors/acquiring/link_group.cpp actors/include/ducat/acquiring/link_group.hpp \
    actors/include/ducat/device/{link_options,link_outcome,saf_core}.hpp || bad=1
  none "what decides for a terminal knows neither actors nor sockets" \
    '#include <(caf|boost|openssl)/' actors/gateway/{answers,requests,terminal_core}.{hpp,cpp} \
    actors/include/ducat/gateway/{profile,terminal_state}.hpp || bad=1
  none "what decides about deliveries knows neither actors nor sockets" \
    '#include <(caf|boost|openssl)/' actors/webhook/{delivery_core,address,lane}.cpp \
    actors/webhook/{delivery_core,address}.hpp actors/payment/endpoint_book.hpp || bad=1
  none "the acquirer and the terminals know only the codec, so that they can be trusted" \
    '#include [<"]((caf|grpcpp|google|rocksdb|api|actors|ledger|payment|settlement|device)/|ducat/([a-hj-z]\w*/|ask|cluster|ducat|durable|handle|ledger|log|machine|node|payment|router|run|superv))' \
    apps/acquirer apps/terminals apps/wire || bad=1
  none "the checker shares no code with what it judges" \
    '#include [<"](ducat/)?(settlement|payment|ledger|api|caf)/[^"]*[">]' apps/ducat/check || bad=1
  none "CAF has no network here" '#include <caf/(io|openssl)/' runtime actors apps tests || bad=1
  return $bad
}

top_level() {
  local expected='CMakeLists.txt LICENSE README.md actors apps docs runtime tests'
  local found
  found=$(git ls-files 2>/dev/null | cut -d/ -f1 | grep -v '^\.' | LC_ALL=C sort -u | paste -sd' ')
  [[ -z $found || $found == "$expected" ]] || { echo "top level is: $found" >&2; return 1; }
}

banned_calls() {
  local bad=0
  none "a test waits for what it tests, it does not sleep" 'sleep_for|sleep_until|usleep\(' tests || bad=1
  none "runtime and actors print nothing" 'std::c(out|err)\b' runtime actors || bad=1
  none "machines read no clock and have no floating point" '::now\(\)|\b(double|float)\b' \
    actors/iso20022 actors/iso8583 actors/ledger actors/device/{link_core,link_requests,grey_detector,saf_core}.cpp \
    actors/payment/{apply,attempt,attempts,check,check_attempt,deadlines,keep,late_approval,routes,view,machine,records}.cpp \
    actors/acquiring/link_group.cpp \
    actors/payment/{endpoint_book,event,events,outbox,webhooks}.cpp actors/webhook/delivery_core.cpp \
    actors/payment/settlement.cpp $(ls actors/settlement/*.cpp | grep -v _actor.cpp) \
    || bad=1
  none "the acquirer and the terminals are told the time" '::now\(\)' \
    apps/acquirer/{answer,book,decide,garble,host_core}.cpp \
    apps/terminals/{fleet,terminal}.cpp || bad=1
  return $bad
}

"$1"
