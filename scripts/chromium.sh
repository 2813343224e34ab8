#!/bin/sh
# Installs Chromium for the tests where it is missing and we may: as root, on Debian or Ubuntu.
# Elsewhere the tests that want it are skipped, saying so, or fail under CI=true.
set -eu

command -v chromium >/dev/null || command -v chromium-browser >/dev/null && exit 0
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    exit 0
fi
echo "Installing Chromium for the tests ..."
export DEBIAN_FRONTEND=noninteractive
{ apt-get update -qq && apt-get install -qq --no-install-recommends chromium fonts-dejavu-core; } >/dev/null ||
    echo "Chromium could not be installed." >&2
