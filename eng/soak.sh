#!/usr/bin/env bash
# The long form of what guards the teardown, for a night or on demand. Each figure may be set from outside.
#   eng/soak.sh [part]...      model, kills, rounds, load, schedules, repeat; all of them by default
#   INTERCEPT_KILLS=20 eng/soak.sh kills
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null
export DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en

soak=${INTERCEPT_SOAK:-1}                  # 1: the whole protocol model
histories=${INTERCEPT_HISTORIES:-10000000} # random histories of edits, restored
kills=${INTERCEPT_KILLS:-500}              # processes killed in each layer
rounds=${INTERCEPT_ROUNDS:-10000}          # rounds of eight engines in four processes
cycles=${INTERCEPT_CYCLES:-500}            # intercepts opened and closed under load
requests=${INTERCEPT_REQUESTS:-1000000}    # requests of that load
schedules=${INTERCEPT_SCHEDULES:-1000000}  # seeded schedules of the engine
repeat=${INTERCEPT_REPEAT:-100}            # runs of the whole suite
unset INTERCEPT_SOAK INTERCEPT_HISTORIES INTERCEPT_KILLS INTERCEPT_ROUNDS INTERCEPT_CYCLES INTERCEPT_REQUESTS INTERCEPT_SCHEDULES INTERCEPT_REPEAT

# run PROJECT FILTER [NAME=VALUE]...
run() {
  local project=$1 filter=$2
  shift 2
  printf '\n== %s %s\n' "$filter" "$*"
  env "$@" dotnet test "tests/$project" -c Release --no-build --filter "$filter" --logger 'console;verbosity=detailed'
}

model() { run Intercept.Teardown.Tests 'FullyQualifiedName~.Model.|FullyQualifiedName~.Restore.' INTERCEPT_SOAK="$soak" INTERCEPT_HISTORIES="$histories"; }
kills() { run Intercept.Teardown.Tests 'FullyQualifiedName~KillTests|FullyQualifiedName~StoppedProcessTests' INTERCEPT_KILLS="$kills"; }
rounds() { run Intercept.Teardown.Tests 'FullyQualifiedName~RoundTests' INTERCEPT_ROUNDS="$rounds"; }
load() { run Intercept.Teardown.Tests 'FullyQualifiedName~LoadTests' INTERCEPT_CYCLES="$cycles" INTERCEPT_REQUESTS="$requests"; }
schedules() { run Intercept.Simulation.Tests 'FullyQualifiedName~SchedulesTests' INTERCEPT_SCHEDULES="$schedules"; }

repeat() {
  local time bad=0
  for ((time = 1; time <= repeat; time++)); do
    printf '\n== run %d of %d\n' "$time" "$repeat"
    dotnet test Intercept.Testing.sln -c Release --no-build || bad=$((bad + 1))
  done
  echo "$bad of $repeat runs failed"
  [ "$bad" -eq 0 ]
}

parts=("$@")
[ $# -gt 0 ] || parts=(model kills rounds load schedules repeat)
for part in "${parts[@]}"; do
  case $part in
    model | kills | rounds | load | schedules | repeat) ;;
    *) echo "There is no part '$part'." >&2; exit 2 ;;
  esac
done

dotnet build Intercept.Testing.sln -c Release
failed=()
for part in "${parts[@]}"; do
  "$part" || failed+=("$part")
done
printf '\n%s\n' "failed: ${failed[*]:-none}"
[ ${#failed[@]} -eq 0 ]
