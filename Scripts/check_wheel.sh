#!/usr/bin/env bash
# Builds the wheel with the library and runs the Python tests against it, as a user would have it: installed in a fresh environment, outside of the
# repository, with no Swift toolchain to be found; once with NumPy alone, and without --plain once more with PyTorch, JAX and the rest, with which the
# notebooks are executed too, into the folder NOTEBOOKS if that is set. The numbers are held against the command .build/release/varlab.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
begin=$SECONDS
plain=0
[ "${1:-}" != --plain ] || plain=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# This environment is kept between runs: PyTorch and JAX are large. It is made while the library is compiled.
full=$root/.build/wheel-check-venv
prepare() {
    [ -x "$full/bin/python" ] || python3 -m venv "$full"
    "$full/bin/pip" install --quiet -r python/tests/requirements.txt || return
    # The build without a graphics processor where there is one: a fifth of the size.
    "$full/bin/python" -c 'import torch' 2>/dev/null || "$full/bin/pip" install --quiet 'torch==2.13.0+cpu' 2>/dev/null || "$full/bin/pip" install --quiet 'torch>=2.1'
}
if [ $plain = 0 ]; then
    prepare &
    preparing=$!
fi
Scripts/make_wheel.sh .build/wheel --library
echo "wheel built in $((SECONDS - begin)) s"

cp -r python/tests "$work/tests"
cp -r docs/notebooks "$work/notebooks"

# No toolchain on the path.
within() { # environment, arguments of its Python
    (cd "$work" && env -i PATH="$1/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" HOME="$work" LANG=C.UTF-8 \
        VARLAB_COMMAND="$root/.build/release/varlab" "$1/bin/python" "${@:2}")
}
check() { within "$1" -m pytest -q -p no:cacheprovider tests; }

python3 -m venv "$work/plain"
"$work/plain/bin/pip" install --quiet pytest .build/wheel/varlab-*.whl
check "$work/plain"
if [ $plain = 1 ]; then
    echo "Python: $((SECONDS - begin)) s, with NumPy alone"
    exit 0
fi

if wait "$preparing"; then
    "$full/bin/pip" install --quiet --force-reinstall --no-deps .build/wheel/varlab-*.whl
    check "$full"
    executed=${NOTEBOOKS:-$work/executed}
    mkdir -p "$executed"
    within "$full" notebooks/execute.py "$(cd "$executed" && pwd)" 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
else
    echo "check_wheel: PyTorch and JAX cannot be installed here; what needs them is left out" >&2
fi
echo "Python: $((SECONDS - begin)) s"
