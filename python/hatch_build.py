"""Puts the native library, and the command, into the wheel; builds them where no folder with them is given.

Environment:
    VARLAB_NATIVE: a folder with libvarlabc.so, and the command varlab if it is to be in the wheel; nothing is built.
    VARLAB_WHEEL_COMMAND: 0 leaves the command out.
"""

from __future__ import annotations

import os
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        given = os.environ.get("VARLAB_NATIVE")
        folder = Path(given) if given else root / ".build" / "native-products"
        with_command = os.environ.get("VARLAB_WHEEL_COMMAND", "1") != "0"
        if not given:
            subprocess.run([root / "Scripts" / "build_native.sh", folder, *(["command"] if with_command else [])], check=True)
        library = next((folder / name for name in ("libvarlabc.so", "libvarlabc.dylib") if (folder / name).exists()), None)
        if library is None:
            raise FileNotFoundError(f"no native library in {folder}")
        build_data["pure_python"] = False
        # Any Python 3: the library knows nothing of Python. The platform's own tag, which auditwheel makes a portable one.
        build_data["tag"] = "py3-none-" + sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["force_include"][str(library)] = f"varlab/{library.name}"
        command = folder / "varlab"
        if with_command and command.exists():
            # The program itself: through an entry point Python would have to start first.
            build_data["shared_scripts"][str(command)] = "varlab"
