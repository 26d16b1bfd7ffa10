"""A simulation in shards on a Dask cluster: python dask_shards.py OUTPUT SHARDS ARGUMENTS… (the folder must be on a shared disk)."""
import subprocess
import sys
from pathlib import Path

from dask.distributed import Client


def shard(k, count, part, saved, arguments):
    # A task that dies with its node starts again elsewhere and goes on with what it has saved.
    subprocess.run(["varlab", "simulate", *arguments, "--shard", f"{k}/{count}", "--part", part, "--threads", "1", "--quiet",
                    "--checkpoint", saved, "--resume"], check=True)


if __name__ == "__main__":
    output, count, arguments = Path(sys.argv[1]).absolute(), int(sys.argv[2]), sys.argv[3:]
    output.parent.mkdir(parents=True, exist_ok=True)
    parts = [f"{output}-{k}.part" for k in range(1, count + 1)]
    client = Client()  # Client("scheduler:8786") for one that is running
    client.gather([client.submit(shard, k, count, part, f"{output}-saved", arguments, retries=3) for k, part in enumerate(parts, 1)])
    subprocess.run(["varlab", "merge", *parts, "--output", output], check=True)
