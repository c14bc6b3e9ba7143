#!/usr/bin/env bash
# Writes the public surface of src/<project> into its PublicAPI.Unshipped.txt, so that a change of it is seen in review.
#   eng/public-api.sh [PROJECT …]      without a name: every project in src
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- $(ls src/*/*.csproj | xargs -n1 dirname | xargs -n1 basename)
for name in "$@"; do
  file="src/$name/PublicAPI.Unshipped.txt"
  printf '#nullable enable\n' > "$file"
  output=$(dotnet build "src/$name" --no-incremental -p:TreatWarningsAsErrors=false -v:q -clp:NoSummary 2>&1) || {
    git checkout -q -- "$file"
    grep -E ': error ' <<< "$output" | sort -u >&2
    echo "$name does not build: its list was left as it was" >&2
    exit 1
  }
  symbols=$(grep -E ': warning RS0016:' <<< "$output" | grep "\[.*/$name.csproj\]" \
    | sed -E "s/.*Symbol '(.*)' is not part of the declared public API.*/\1/" | LC_ALL=C sort -u || true)
  [ -z "$symbols" ] || printf '%s\n' "$symbols" >> "$file"
  echo "$name: $(($(wc -l < "$file") - 1)) symbols"
done
