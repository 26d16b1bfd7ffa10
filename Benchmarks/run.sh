#!/bin/sh
# Makes a virtual environment with the peers' packages and runs Benchmarks/run.py. Called by `make bench`.
set -eu
cd "$(dirname "$0")/.."
environment=.venv-bench
if [ ! -x $environment/bin/python ]; then
    python3 -m venv $environment
    $environment/bin/pip install --quiet --requirement Benchmarks/peers/requirements.txt
    # The build without a graphics processor where the index has it: a fifth of the size.
    $environment/bin/pip install --quiet 'torch==2.13.0+cpu' 2>/dev/null || $environment/bin/pip install --quiet torch==2.13.0
fi
exec $environment/bin/python Benchmarks/run.py "$@"
