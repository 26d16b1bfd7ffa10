#!/bin/sh
# Runs of many processes, tried on this machine: both MPIs, two hosts, a Slurm of two nodes (Tests/Cluster). Arguments: names of tests.
# Takes some three minutes. Installs what is missing where it may; what is not there is skipped by name, and so is all that needs root.
set -eu
cd "$(dirname "$0")/.."

missing=
for pair in mpicc.openmpi:libopenmpi-dev mpirun.openmpi:openmpi-bin mpicc.mpich:libmpich-dev mpirun.mpich:mpich slurmctld:slurm-wlm munged:munge \
    strace:strace ip:iproute2 unshare:util-linux python3:python3; do
    PATH="$PATH:/usr/sbin:/sbin" command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair##*:}"
done
if [ -n "$missing" ] && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "check_cluster: installing$missing" >&2
    # shellcheck disable=SC2086
    apt-get update -qq && env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null ||
        echo "check_cluster: not installed; their tests are skipped" >&2
fi

VARLAB=${VARLAB:-.build/release/varlab}
[ -x "$VARLAB" ] || swift build -c release --product varlab
export VARLAB
PATH="$PATH:/usr/sbin:/sbin" exec python3 -B Tests/Cluster/check.py "$@"
