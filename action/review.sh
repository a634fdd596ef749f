#!/usr/bin/env bash
# Reviews plans in every format, and hands the exit status on as an output: what follows, such as the
# comment, is to happen whatever the verdict.
#
#   PLAN_LIST         plans, one NAME=FILE per line
#   REVIEWS           the folder for the reviews
#   FAIL_ON, SOURCE, EXPIRING_WITHIN   options of apim-oauth review; empty: not given
#   ALLOW, CONTRACT, BASE_REF, BASE   see base.sh
#   EXECUTABLE        apim-oauth
set -euo pipefail

mapfile -t plans < <(sed 's/^[[:space:]]*//; s/[[:space:]]*$//' <<< "$PLAN_LIST" | grep -v '^$' || true)
mapfile -t sources < <(sed 's/^[[:space:]]*//; s/[[:space:]]*$//' <<< "${SOURCE:-}" | grep -v '^$' || true)
options=()
if [ -n "${FAIL_ON:-}" ]; then options+=(--fail-on "$FAIL_ON"); fi
mapfile -t -O "${#options[@]}" options < <("$(dirname "${BASH_SOURCE[0]}")/base.sh")
wait "$!"
if [ -n "${EXPIRING_WITHIN:-}" ]; then options+=(--expiring-within "$EXPIRING_WITHIN"); fi
for synthesized in "${sources[@]}"; do options+=(--source "$synthesized"); done

mkdir -p "$REVIEWS"
status=0
"$EXECUTABLE" review \
  --format "markdown=$REVIEWS/review.md" \
  --format "html=$REVIEWS/review.html" \
  --format "json=$REVIEWS/review.json" \
  --format "sarif=$REVIEWS/review.sarif" \
  --format github \
  "${options[@]}" -- "${plans[@]}" || status=$?

printf 'exit-code=%s\n' "$status" >> "$GITHUB_OUTPUT"
if [ "$status" -ne 0 ] && [ "$status" -ne 2 ]; then
  exit "$status"
fi
