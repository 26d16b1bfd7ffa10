#!/usr/bin/env bash
# Builds the wheel with the library and runs the Python tests against it, as a user would have it: installed in a fresh environment, outside of the
# repository, with no Swift toolchain to be found; once with NumPy alone, and without --plain once more with PyTorch, JAX and the rest. The numbers are held against the
# command .build/release/varlab.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
begin=$SECONDS
Scripts/make_wheel.sh .build/wheel --library
echo "wheel built in $((SECONDS - begin)) s"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r python/tests "$work/tests"
cp -r docs/notebooks "$work/notebooks"

# No toolchain on the path.
bare=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
check() { # the environment
    (cd "$work" && env -i PATH="$1/bin:$bare" HOME="$work" LANG=C.UTF-8 VARLAB_COMMAND="$root/.build/release/varlab" \
        "$1/bin/python" -m pytest -q -p no:cacheprovider tests)
}

python3 -m venv "$work/plain"
"$work/plain/bin/pip" install --quiet pytest .build/wheel/varlab-*.whl
check "$work/plain"

[ "${1:-}" = --plain ] && { echo "Python: $((SECONDS - begin)) s, with NumPy alone"; exit 0; }

# This one is kept between runs: PyTorch and JAX are large.
full=$root/.build/wheel-check-venv
[ -x "$full/bin/python" ] || python3 -m venv "$full"
if "$full/bin/pip" install --quiet -r python/tests/requirements.txt; then
    # The build without a graphics processor where there is one: a fifth of the size.
    "$full/bin/python" -c 'import torch' 2>/dev/null || "$full/bin/pip" install --quiet 'torch==2.13.0+cpu' 2>/dev/null || "$full/bin/pip" install --quiet 'torch>=2.1'
    "$full/bin/pip" install --quiet --force-reinstall --no-deps .build/wheel/varlab-*.whl
    check "$full"
    (cd "$work" && env -i PATH="$full/bin:$bare" HOME="$work" LANG=C.UTF-8 VARLAB_COMMAND="$root/.build/release/varlab" \
        "$full/bin/python" notebooks/execute.py "$work/executed")
else
    echo "check_wheel: PyTorch and JAX cannot be installed here; what needs them is left out" >&2
fi
echo "Python: $((SECONDS - begin)) s"
