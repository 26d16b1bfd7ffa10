"""Keeps what was measured, a file per processor in results/, and writes RESULTS.md from all of them and NOTES.md."""
import json
import re
import statistics
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def path(processor):
    return FOLDER / "results" / (re.sub("[^a-z0-9]+", "-", processor.lower()).strip("-") + ".json")


def keep(processor, commit, rows, extra):
    """Replaces this processor's rows that were measured now; the others stay.

    rows: what, peer → the rounds' pairs of seconds; extra: what else is known, by name."""
    file = path(processor)
    known = json.loads(file.read_text()) if file.exists() else {"processor": processor, "rows": []}
    new = [{"what": what, "peer": peer, "commit": commit, "seconds": pairs} for (what, peer), pairs in rows.items()]
    measured = set(rows)
    known["rows"] = [row for row in known["rows"] if (row["what"], row["peer"]) not in measured] + new
    known.update(extra)
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n")


def digits(seconds):
    return f"{seconds * 1000:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def line(what, peer, pairs):
    ours, theirs = zip(*pairs)
    ratios = [b / a for a, b in pairs]
    spread = f" ({min(ratios):.1f} to {max(ratios):.1f})" if len(ratios) > 1 else ""
    return (f"| {what} | {digits(statistics.median(ours))} | {peer} | {digits(statistics.median(theirs))} "
            f"| **{statistics.median(ratios):.1f}**{spread} |")


HEAD = ["| what | varlab | peer | its time | ratio |", "| --- | ---: | --- | ---: | ---: |"]


def section(known, order):
    """The table of one processor, in the order of the rows that there are; rows that are no longer measured are left out."""
    rows = sorted((row for row in known["rows"] if (row["what"], row["peer"]) in order),
                  key=lambda row: order.index((row["what"], row["peer"])))
    lines = [f"## {known['processor']}", "", *HEAD, *(line(row["what"], row["peer"], row["seconds"]) for row in rows)]
    commits = list(dict.fromkeys(row["commit"] for row in rows))
    lines += ["", f"Of commit {', '.join(commits)}; Python {known['python']}."]
    if "bandwidth" in known:
        step, best = known["bandwidth"]
        lines += ["", f"The RAdam step reads four buffers of 40 MB and writes three: {280e-3 / step:.1f} GB/s, {100 * best / step:.0f}% of the "
                  f"{280e-3 / best:.1f} GB/s of a loop that moves the same bytes and only adds."]
    for title, measured in known.get("memory", {}).items():
        lines += ["", f"{title}:", "", "| input | time | peak memory |", "| --- | ---: | ---: |"]
        lines += [f"| {what} | {digits(seconds)} | {peak:.0f} MiB |" for what, seconds, peak in measured]
    return lines


def write(order):
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench` (three minutes) and `make bench-all`: varlab and peer in turn, medians of the rounds, ratios with their "
        "smallest and largest round; a table per processor. Unless said otherwise 5000 trajectories × 6000 iterations, β2 = 0.999; a peer's "
        "imports and compilation do not count, a whole command's start does.",
    ]
    for file in sorted((FOLDER / "results").glob("*.json")):
        lines += ["", *section(json.loads(file.read_text()), order)]
    lines += ["", (FOLDER / "NOTES.md").read_text().rstrip()]
    (FOLDER / "RESULTS.md").write_text("\n".join(lines) + "\n")
