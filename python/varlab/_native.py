"""The door to the native library: every call goes through here.

``Sources/CVarlab/include/varlab.h`` is the contract. The numbers are those of the command, to the bit.
"""

from __future__ import annotations

import ctypes
import os
import threading
from pathlib import Path
from typing import Any

import numpy as np

from ._errors import ComputationError, ParameterError

ABI = 1
_OK, _PARAMETER, _COMPUTATION, _CANCELLED = 0, 1, 2, 3

c_double_p = ctypes.POINTER(ctypes.c_double)
c_int64_p = ctypes.POINTER(ctypes.c_int64)


class CallStruct(ctypes.Structure):
    _fields_ = [
        ("threads", ctypes.c_int32),
        ("message_capacity", ctypes.c_int32),
        ("cancelled", ctypes.c_void_p),
        ("message", ctypes.c_void_p),
    ]


class ProcessStruct(ctypes.Structure):
    _fields_ = [
        ("gradients", ctypes.c_char_p),
        ("samples", ctypes.c_void_p),
        ("sample_count", ctypes.c_int64),
        ("series_length", ctypes.c_int64),
        ("autocorrelation", ctypes.c_double),
        ("scales", ctypes.c_void_p),
        ("scale_count", ctypes.c_int64),
        ("means", ctypes.c_void_p),
        ("mean_count", ctypes.c_int64),
        ("weights", ctypes.c_char_p),
        ("weight_list", ctypes.c_void_p),
        ("weight_count", ctypes.c_int64),
    ]


class SettingsStruct(ctypes.Structure):
    _fields_ = [
        ("learning_rate", ctypes.c_double),
        ("beta1", ctypes.c_double),
        ("beta2", ctypes.c_double),
        ("epsilon", ctypes.c_double),
        ("weight_decay", ctypes.c_double),
        ("rmsprop_decay", ctypes.c_double),
        ("decoupled", ctypes.c_int32),
        ("restarts_momentum_correction", ctypes.c_int32),
    ]


class StepStruct(ctypes.Structure):
    _fields_ = [
        ("index", ctypes.c_int64),
        ("rule", ctypes.c_int32),
        ("unused", ctypes.c_int32),
        ("step_size", ctypes.c_double),
        ("rectification", ctypes.c_double),
        ("epsilon", ctypes.c_double),
    ]


_LETTERS = {
    "i": ctypes.c_int32,
    "n": ctypes.c_int64,
    "d": ctypes.c_double,
    "s": ctypes.c_char_p,
    "p": ctypes.c_void_p,
}

# The parameters after the call itself: i int32, n int64, d double, s text, p any pointer.
_SIGNATURES = {
    "varlab_rho": "nppp",
    "varlab_satterthwaite": "nppp",
    "varlab_closed_form_variance": "npp",
    "varlab_first_order_variance": "npp",
    "varlab_rectification": "pidinppp",
    "varlab_exact_moments": "pnppppppp",
    "varlab_psi_law": "pnppppppp",
    "varlab_psi_quantile": "pnpppppp",
    "varlab_update_moments": "pnpppppppppp",
    "varlab_update_law": "npppppp" + "ppp",
    "varlab_update_quantile": "nppppppp",
    "varlab_implied_snr": "npppppppp",
    "varlab_schedule": "sssdnppp",
    "varlab_schedule_summary": "sssdpp",
    "varlab_optimizer_create": "sspnip",
    "varlab_optimizer_set_learning_rate": "nd",
    "varlab_optimizer_step": "nnippp",
    "varlab_optimizer_sizes": "npppp",
    "varlab_optimizer_export": "nppp",
    "varlab_optimizer_import": "nnppp",
    "varlab_vocabulary": "",
}


def _load() -> ctypes.CDLL:
    given = os.environ.get("VARLAB_LIBRARY")
    path = Path(given) if given else Path(__file__).with_name("libvarlabc.so")
    if not given and not path.exists():
        path = Path(__file__).with_name("libvarlabc.dylib")
    if not path.exists():
        raise ImportError(f"the native library is not at {path}: install the wheel, or set VARLAB_LIBRARY to the library")
    library = ctypes.CDLL(str(path))
    library.varlab_abi.restype = ctypes.c_int32
    library.varlab_abi.argtypes = []
    if library.varlab_abi() != ABI:
        raise ImportError(f"{path} has ABI {library.varlab_abi()}, this package needs {ABI}")
    library.varlab_optimizer_destroy.argtypes = [ctypes.c_int64]
    library.varlab_optimizer_destroy.restype = None
    for name, letters in _SIGNATURES.items():
        function = getattr(library, name)
        function.restype = ctypes.c_int32
        function.argtypes = [ctypes.c_void_p] + [_LETTERS[letter] for letter in letters]
    return library


library = _load()

_thread_count: int | None = None
_is_forked = False


def _child_after_fork() -> None:
    # Threads of the native library do not live on in a child, and starting new ones there may wait for ever.
    global _is_forked
    _is_forked = True


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_child_after_fork)


def set_threads(count: int | None) -> None:
    """Sets how many threads a call may use; results do not depend on it.

    Args:
        count: from 1 to 1024; ``None`` for as many as this process may run on.

    In a process that was forked from one which had this package loaded, every call uses a single thread.
    """
    global _thread_count
    if count is not None and not (isinstance(count, int) and 1 <= count <= 1024):
        raise ParameterError("threads", str(count), "must be from 1 to 1024")
    _thread_count = count


def get_threads() -> int:
    """How many threads a call may use."""
    if _is_forked:
        return 1
    if _thread_count is not None:
        return _thread_count
    if hasattr(os, "sched_getaffinity"):
        return max(1, min(1024, len(os.sched_getaffinity(0))))
    return max(1, min(1024, os.cpu_count() or 1))


def pointer(array: np.ndarray | None) -> int | None:
    """The address of a C-contiguous array; ``None`` for none."""
    return None if array is None else array.ctypes.data


def call(name: str, *arguments: Any) -> str:
    """Calls the library and raises what it reports; the message otherwise.

    For work that ends at once. The arrays behind pointers must be held by the caller.
    """
    return _finish(*_run(name, arguments, None))


def long_call(name: str, *arguments: Any) -> None:
    """The same for work that may take a while: Ctrl-C ends it."""
    if threading.current_thread() is not threading.main_thread():
        call(name, *arguments)
        return
    flag = ctypes.c_int32(0)
    outcome: list[tuple[int, str]] = []
    thread = threading.Thread(target=lambda: outcome.append(_run(name, arguments, flag)), name=f"varlab {name}", daemon=True)
    thread.start()
    try:
        thread.join()
    except BaseException:
        flag.value = 1
        # The arrays must outlive the call, however often the keys are pressed.
        while thread.is_alive():
            try:
                thread.join()
            except BaseException:
                continue
        raise
    _finish(*outcome[0])


def _run(name: str, arguments: tuple[Any, ...], flag: ctypes.c_int32 | None) -> tuple[int, str]:
    buffer = ctypes.create_string_buffer(2048)
    settings = CallStruct(
        get_threads(), len(buffer), ctypes.addressof(flag) if flag is not None else None, ctypes.addressof(buffer))
    status = getattr(library, name)(ctypes.addressof(settings), *arguments)
    return status, buffer.value.decode("utf-8", "replace")


def _finish(status: int, message: str) -> str:
    if status == _OK:
        return message
    if status == _PARAMETER:
        parts = message.split("\t", 2)
        raise ParameterError(*(parts + ["", "", ""])[:3])
    if status == _COMPUTATION:
        raise ComputationError(message)
    if status == _CANCELLED:
        raise KeyboardInterrupt(message)
    raise RuntimeError(f"misuse of the native library: {message}")


def vocabulary() -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    """The optimizers, the forms of their names, the implementations."""
    names, forms, implementations = call("varlab_vocabulary").split("\n", 2)
    return tuple(names.split()), forms, tuple(implementations.split())
