#!/usr/bin/env bash
# Gives outputs, and comments on the pull request and labels it where that is asked for.
#
#   REVIEWS           the folder of the reviews
#   COMMENT, LABELS   true or false
#   EXECUTABLE        apim-oauth
#   GITHUB_TOKEN      may write to pull requests; one that may not fails nothing
set -euo pipefail

options=()
if [ "$COMMENT" = true ]; then options+=(--comment "$REVIEWS/review.md"); fi
if [ "$LABELS" = true ]; then options+=(--labels); fi

"$EXECUTABLE" publish --provider github --review "$REVIEWS/review.json" "${options[@]}"
