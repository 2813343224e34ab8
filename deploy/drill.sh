#!/bin/sh
# The drill: back up what runs, restore it beside it, and compare the journals. Nothing that runs is touched.
#   DALIZ_HOME=... DATABASE_URL=... deploy/drill.sh [postgresql://.../an_empty_database]
# With the embedded database no address is needed.
set -eu

daliz="${DALIZ:-daliz}"
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT

"$daliz" journal seal
head="$("$daliz" journal verify | tail -n 1)"
"$daliz" backup --to "$folder/drill.tar"
if [ -n "${DATABASE_URL:-}" ]; then
    : "${1:?name an empty database to restore into}"
    export DATABASE_URL="$1"
fi
export DALIZ_HOME="$folder/home"
"$daliz" restore "$folder/drill.tar"
"$daliz" journal verify --head "$head" >/dev/null
echo "The drill went well: the restored journal has the head $head."
