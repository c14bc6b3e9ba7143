#!/usr/bin/env bash
# The long form of the teardown's tests: the whole protocol model, 10,000,000 histories of edits, many kills of real processes.
#   eng/soak.sh [kills for each layer]      50 by default
set -euo pipefail
cd "$(dirname "$0")/.."
export INTERCEPT_SOAK=1 INTERCEPT_KILLS="${1:-50}"
exec dotnet test tests/Intercept.Teardown.Tests -c Release --logger "console;verbosity=detailed"
