"""Puts the real output of every command into README.md and docs/: each ```console block is run in the folder of its page.

    swift build -c release --product varlab && python3 Scripts/doc_examples.py

A line that begins with `$ ` is a command for sh; what follows it is its output. The tests run the same blocks and compare.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

root = Path(__file__).resolve().parent.parent


def output(command, folder):
    environment = dict(os.environ, PATH=f"{root / '.build/release'}:{os.environ['PATH']}", COLUMNS="120")
    result = subprocess.run(["sh", "-c", command], cwd=folder, env=environment, capture_output=True, text=True)
    if result.stderr.strip():
        print(f"$ {command}\n{result.stderr}", file=sys.stderr)
    return "\n".join(line.rstrip() for line in result.stdout.splitlines())


def renewed(page, folder):
    def block(match):
        lines = []
        for command in re.findall(r"^\$ (.*)$", match[1], flags=re.MULTILINE):
            lines += [f"$ {command}"] + [text for text in [output(command, folder)] if text]
        return "```console\n" + "\n".join(lines) + "\n```"

    return re.sub(r"```console\n(.*?)\n```", block, page, flags=re.DOTALL)


for page in [root / "README.md", root / "CONTRIBUTING.md", *sorted((root / "docs").rglob("*.md"))]:
    with tempfile.TemporaryDirectory() as folder:
        for pattern in ("*.npy", "*.pt"):
            for trace in (root / "Sources/CDatasets/Files").glob(pattern):
                shutil.copy(trace, folder)
        page.write_text(renewed(page.read_text(), folder))
