#!/usr/bin/env bash
# Runs the real engine under many seeded schedules of faults, crashes and interference; fails at the first broken invariant.
#   eng/soak.sh [schedules] [first seed]      1,000,000 from seed 1 by default
# A schedule that failed comes again with: INTERCEPT_SEED=<seed> INTERCEPT_SCHEDULES=1 dotnet test tests/Intercept.Simulation.Tests
set -euo pipefail
cd "$(dirname "$0")/.."
export INTERCEPT_SCHEDULES="${1:-1000000}" INTERCEPT_SEED="${2:-1}"
exec dotnet test tests/Intercept.Simulation.Tests -c Release \
  --filter "FullyQualifiedName~Schedules.SchedulesTests" --logger "console;verbosity=detailed"
