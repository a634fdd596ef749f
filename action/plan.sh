#!/usr/bin/env bash
# Plans every stack and writes what the plans change as JSON, into a folder that only this user reads.
# Plans contain secrets: no part of them is printed, and the binary plan is deleted once the JSON exists.
#
#   STACKS           a stack per line, FOLDER or NAME=FOLDER
#   INIT_ARGUMENTS   further arguments of terraform init, one per line
#   PLAN_ARGUMENTS   further arguments of terraform plan, one per line
#   PLANS            the folder for the JSON plans and for list.txt, which names them
set -euo pipefail
umask 077

mapfile -t init < <(grep -v '^[[:space:]]*$' <<< "${INIT_ARGUMENTS:-}" || true)
mapfile -t plan < <(grep -v '^[[:space:]]*$' <<< "${PLAN_ARGUMENTS:-}" || true)

mkdir -p "$PLANS"
: > "$PLANS/list.txt"
number=0
while IFS= read -r line <&3; do
  line="${line#"${line%%[![:space:]]*}"}"
  line="${line%"${line##*[![:space:]]}"}"
  if [ -z "$line" ]; then continue; fi
  if [[ "$line" == *=* && ! -d "$line" ]]; then
    name="${line%%=*}" folder="${line#*=}"
  else
    name="$(basename "$(cd "$line" && pwd)")" folder="$line"
  fi
  number=$((number + 1))
  binary="$PLANS/$number.tfplan"
  json="$PLANS/$number.json"
  printf 'planning %s in %s\n' "$name" "$folder"
  terraform -chdir="$folder" init -input=false -no-color "${init[@]}" > /dev/null
  terraform -chdir="$folder" plan -input=false -no-color -out="$binary" "${plan[@]}" > /dev/null
  terraform -chdir="$folder" show -json -no-color "$binary" > "$json"
  rm -f "$binary"
  printf '%s=%s\n' "$name" "$json" >> "$PLANS/list.txt"
done 3<<< "$STACKS"

if [ "$number" -eq 0 ]; then
  echo 'apim-oauth: no stack is given' >&2
  exit 1
fi
