#!/bin/sh
# Lays the environment in .venv: exactly what requirements.lock says, then Daliz itself, editable.
# Needs Python 3.11 or newer; PYTHON=/path/to/python chooses one.
set -eu
cd "$(dirname "$0")/.."

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

if [ -n "${PYTHON:-}" ]; then
    new_enough "$PYTHON" || { echo "PYTHON=$PYTHON is not Python 3.11 or newer." >&2; exit 1; }
else
    for PYTHON in python3 python3.11 python3.12 python3.13 none; do
        new_enough "$PYTHON" && break
    done
    if [ "$PYTHON" = none ]; then
        echo "No Python 3.11 or newer was found. Install one, or name it: make setup PYTHON=/path/to/python" >&2
        exit 1
    fi
fi

# An environment that was moved, or whose Python went away, is laid anew.
if ! new_enough .venv/bin/python; then
    rm -rf .venv
    "$PYTHON" -m venv .venv || {
        echo "Python could not make an environment; on Debian and Ubuntu: apt-get install python3-venv" >&2
        exit 1
    }
fi

pip="env PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore .venv/bin/python -m pip install --quiet"
$pip --require-hashes --requirement requirements.lock
$pip --no-deps --no-build-isolation --editable .
touch .venv/.laid
