"""Puts the tables of notebooks-out/ into docs/REPRODUCTION.md and notebooks-out/README.md, between the marks that name them:

    python3 Scripts/renew_tables.py

A block begins with `<!-- table: notebooks-out/table1.md -->` and ends with `<!-- end of table -->`. The tests compare them with the files.
"""
import re
from pathlib import Path

root = Path(__file__).resolve().parent.parent


def renewed(page):
    def block(match):
        return match[1] + "\n" + (root / match[2]).read_text() + match[3]

    return re.sub(r"(<!-- table: (\S+) -->)\n.*?(<!-- end of table -->)", block, page, flags=re.DOTALL)


for page in [root / "docs/REPRODUCTION.md", root / "notebooks-out/README.md"]:
    page.write_text(renewed(page.read_text()))
