"""Executes the notebooks beside this file into a folder, in this interpreter's environment; fails where a cell does.

Usage: execute.py FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient


def main() -> None:
    output = Path(sys.argv[1])
    output.mkdir(parents=True, exist_ok=True)
    for path in sorted(Path(__file__).parent.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        NotebookClient(notebook, timeout=300, startup_timeout=300, kernel_name="python3", resources={"metadata": {"path": str(output)}}).execute()
        for cell in notebook.cells:
            shown = any("image/png" in output.get("data", {}) for output in cell.get("outputs", []))
            if cell.cell_type == "code" and ("axes()" in cell.source or ".plot(" in cell.source) and not shown:
                sys.exit(f"{path.name}: a figure is not shown:\n{cell.source}")
        # What changes from run to run is no result.
        for cell in notebook.cells:
            cell.metadata.pop("execution", None)
        notebook.metadata.pop("language_info", None)
        nbformat.write(notebook, output / path.name)
        print(f"{path.name}: {sum(cell.cell_type == 'code' for cell in notebook.cells)} cells")


if __name__ == "__main__":
    main()
