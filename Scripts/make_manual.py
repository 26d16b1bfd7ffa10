"""Writes the manual page of the command from what its parser says of itself.

Usage: varlab --experimental-dump-help | make_manual.py VERSION > varlab.1
"""

from __future__ import annotations

import json
import sys


def escaped(text: str) -> str:
    """Text for roff: no backslash, dash or leading dot of its own is markup."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line.startswith((".", "'")) else line for line in text.splitlines())


def name(argument: dict) -> str:
    if argument["kind"] == "positional":
        return f"\\fI{escaped(argument['valueName'])}\\fR"
    names = ", ".join(f"\\fB{escaped(('-' if each['kind'] == 'short' else '--') + each['name'])}\\fR" for each in argument["names"])
    return names if argument["kind"] == "flag" else f"{names} \\fI{escaped(argument.get('valueName', 'value'))}\\fR"


def options(command: dict) -> list[str]:
    lines = []
    for argument in command.get("arguments", []):
        if not argument.get("shouldDisplay", True):
            continue
        abstract = argument.get("abstract", "")
        default = argument.get("defaultValue")
        if default and "(default" not in abstract:
            abstract = f"{abstract} (default: {default})"
        lines += [".TP", name(argument), escaped(abstract)]
    return lines


def main() -> None:
    root = json.load(sys.stdin)["command"]
    lines = [
        f'.TH VARLAB 1 "" "varlab {sys.argv[1]}" "User commands"', ".SH NAME", f"varlab \\- {escaped(root['abstract'])}", ".SH SYNOPSIS",
        "\\fBvarlab\\fR \\fIsubcommand\\fR [\\fIoptions\\fR]", ".SH DESCRIPTION", escaped(root.get("discussion", "")), *options(root),
    ]
    for command in root.get("subcommands", []):
        if not command.get("shouldDisplay", True) or command["commandName"] == "help":
            continue
        lines += [f".SH VARLAB {escaped(command['commandName'].upper())}", escaped(command["abstract"])]
        for paragraph in command.get("discussion", "").split("\n\n"):
            lines += [".PP", escaped(paragraph)]
        lines += options(command)
    print("\n".join(lines))


if __name__ == "__main__":
    main()
