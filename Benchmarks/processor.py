"""The machine that is measured on, as the results name it."""
import os
import platform
from pathlib import Path


def description():
    """`AMD EPYC (family 25, model 1, avx2), 2 cores`: virtual machines often hide the product's name, not its model."""
    name, details = platform.processor() or platform.machine(), []
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        fields = {}
        for line in cpuinfo.read_text().splitlines():
            key, _, value = line.partition(":")
            fields.setdefault(key.strip(), value.strip())
        name = fields.get("model name", name)
        if "cpu family" in fields:
            details.append(f"family {fields['cpu family']}, model {fields['model']}")
        flags = fields.get("flags", "").split()
        details += [next((flag for flag in ("avx512f", "avx2", "avx") if flag in flags), "sse2")] if flags else []
    inside = f" ({', '.join(details)})" if details else ""
    return f"{name}{inside}, {os.cpu_count()} cores, {platform.system()}"
