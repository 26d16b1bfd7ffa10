"""A simulation in shards on a Ray cluster: python ray_shards.py OUTPUT SHARDS ARGUMENTS… (the folder must be on a shared disk)."""
import subprocess
import sys
from pathlib import Path

import ray

output, count, arguments = Path(sys.argv[1]).absolute(), int(sys.argv[2]), sys.argv[3:]
output.parent.mkdir(parents=True, exist_ok=True)
parts = [f"{output}-{k}.part" for k in range(1, count + 1)]
saved = f"{output}-saved"


@ray.remote(num_cpus=1, max_retries=3)
def shard(k, part):
    # A task that dies with its node starts again elsewhere and goes on with what it has saved.
    subprocess.run(["varlab", "simulate", *arguments, "--shard", f"{k}/{count}", "--part", part, "--threads", "1", "--quiet",
                    "--checkpoint", saved, "--resume"], check=True)


ray.get([shard.remote(k, part) for k, part in enumerate(parts, 1)])
subprocess.run(["varlab", "merge", *parts, "--output", output], check=True)
