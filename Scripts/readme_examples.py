"""Puts the real output of the commands into README.md: each block after a line <!-- example: COMMAND -->.

    python3 Scripts/readme_examples.py [--check]
"""
import re
import shlex
import subprocess
import sys
from pathlib import Path

root = Path(__file__).resolve().parent.parent
readme = root / "README.md"


def fresh(match):
    command = shlex.split(match["command"])
    command[0] = str(root / ".build/release/varlab")
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    lines = "\n".join(line.rstrip() for line in output.splitlines())
    return f"<!-- example: {match['command']} -->\n```\n$ {match['command']}\n{lines}\n```"


old = readme.read_text()
new = re.sub(r"<!-- example: (?P<command>.*?) -->\n```\n.*?```", fresh, old, flags=re.DOTALL)
if "--check" in sys.argv:
    sys.exit(0 if new == old else "README.md: examples are out of date")
readme.write_text(new)
