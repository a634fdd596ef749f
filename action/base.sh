#!/usr/bin/env bash
# Takes the files that decide what passes from the target branch of the pull request: a pull request
# that brings its own acknowledgements would pass its own gate. Prints the paths to use, as options.
#
#   BASE_REF          the target branch of the pull request; empty outside of pull requests
#   ALLOW, CONTRACT   files of the repository; empty: not given
#   BASE              a folder for the copies
set -euo pipefail

from_base() {
  local option="$1" path="$2" copy="$BASE/$3"
  if [ -z "$path" ]; then return; fi
  if [ -z "${BASE_REF:-}" ]; then
    printf '%s\n' "$option" "$path"
    return
  fi
  if git show "FETCH_HEAD:./$path" > "$copy" 2> /dev/null; then
    printf '%s\n' "$option" "$copy"
  elif [ "$option" = --contract ]; then
    printf 'apim-oauth: %s is not on %s yet: the one of the pull request is used\n' "$path" "$BASE_REF" >&2
    printf '%s\n' "$option" "$path"
  else
    printf 'apim-oauth: %s is not on %s: nothing is acknowledged\n' "$path" "$BASE_REF" >&2
  fi
}

mkdir -p "$BASE"
if [ -n "${BASE_REF:-}" ] && [ -n "${ALLOW:-}${CONTRACT:-}" ]; then
  git fetch --quiet --no-tags --depth=1 origin "refs/heads/$BASE_REF"
fi
from_base --allow "${ALLOW:-}" allow.json
from_base --contract "${CONTRACT:-}" contract.yaml
