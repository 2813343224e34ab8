#!/bin/sh
# Installs PostgreSQL for the tests where it is missing and we may: as root, on Debian or Ubuntu.
# Elsewhere the tests that want it are skipped, saying so, or fail under CI=true.
set -eu

for initdb in $(command -v initdb || true) /usr/lib/postgresql/*/bin/initdb /usr/pgsql-*/bin/initdb; do
    [ -x "$initdb" ] && exit 0
done
if [ -n "${DATABASE_URL:-}" ] || [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    exit 0
fi
echo "Installing PostgreSQL for the tests ..."
export DEBIAN_FRONTEND=noninteractive
{ apt-get update -qq && apt-get install -qq --no-install-recommends postgresql; } >/dev/null ||
    echo "PostgreSQL could not be installed." >&2
