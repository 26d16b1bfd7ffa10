"""varlab on a cluster, tried on this machine: python3 check.py [NAMES…]; see Scripts/check_cluster.sh.

What is missing here is skipped by name.
"""

import sys

import hosts

why = hosts.why_not()
if why:
    print(f"skipped  all tests of a cluster: {why}")
    sys.exit(0)
hosts.enclosed()

import mpi_tests  # noqa: E402,F401
import host_tests  # noqa: E402,F401
import slurm_tests  # noqa: E402,F401
from cluster_tests import main  # noqa: E402

sys.exit(main(sys.argv[1:]))
