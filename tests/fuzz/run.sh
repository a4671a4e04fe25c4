#!/usr/bin/env bash
# Runs a fuzzer for a while on its corpus, which stays as it is: what is found new is thrown away,
# what breaks is kept and named. Usage: run.sh PROGRAM CORPUS [OPTIONS...]
# DUCAT_SEED repeats a run.
set -euo pipefail
program=$1 corpus=$2
shift 2
seed=${DUCAT_SEED:-$RANDOM}
found=$(mktemp -d)
trap 'rm -rf "$found"' EXIT
echo "DUCAT_SEED=$seed"
"$program" -seed="$seed" -artifact_prefix="$PWD/" -verbosity=0 -print_final_stats=1 "$@" "$found" "$corpus"
