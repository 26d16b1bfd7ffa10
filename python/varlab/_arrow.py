"""Columns through the Arrow C stream interface (a PyCapsule), so that polars, pyarrow and DuckDB take a result without any of them.

https://arrow.apache.org/docs/format/CStreamInterface.html
"""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np


class _Schema(ctypes.Structure):
    pass


class _Array(ctypes.Structure):
    pass


class _Stream(ctypes.Structure):
    pass


_SchemaRelease = ctypes.CFUNCTYPE(None, ctypes.POINTER(_Schema))
_ArrayRelease = ctypes.CFUNCTYPE(None, ctypes.POINTER(_Array))
_StreamRelease = ctypes.CFUNCTYPE(None, ctypes.POINTER(_Stream))
_GetSchema = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Stream), ctypes.POINTER(_Schema))
_GetNext = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Stream), ctypes.POINTER(_Array))
_GetLastError = ctypes.CFUNCTYPE(ctypes.c_char_p, ctypes.POINTER(_Stream))

_Schema._fields_ = [
    ("format", ctypes.c_char_p), ("name", ctypes.c_char_p), ("metadata", ctypes.c_char_p), ("flags", ctypes.c_int64),
    ("n_children", ctypes.c_int64), ("children", ctypes.POINTER(ctypes.POINTER(_Schema))), ("dictionary", ctypes.POINTER(_Schema)),
    ("release", _SchemaRelease), ("private_data", ctypes.c_void_p)]
_Array._fields_ = [
    ("length", ctypes.c_int64), ("null_count", ctypes.c_int64), ("offset", ctypes.c_int64), ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64), ("buffers", ctypes.POINTER(ctypes.c_void_p)), ("children", ctypes.POINTER(ctypes.POINTER(_Array))),
    ("dictionary", ctypes.POINTER(_Array)), ("release", _ArrayRelease), ("private_data", ctypes.c_void_p)]
_Stream._fields_ = [
    ("get_schema", _GetSchema), ("get_next", _GetNext), ("get_last_error", _GetLastError), ("release", _StreamRelease),
    ("private_data", ctypes.c_void_p)]

# What a consumer still holds, by the number in private_data.
_held: dict[int, Any] = {}
_next_number = 1


def _hold(value: Any) -> int:
    global _next_number
    _next_number += 1
    _held[_next_number] = value
    return _next_number


def _release(pointer: Any, none: Any) -> None:
    structure = pointer.contents
    for index in range(getattr(structure, "n_children", 0)):
        child = structure.children[index]
        if child.contents.release:
            child.contents.release(child)
    _held.pop(structure.private_data, None)
    structure.release = none


_release_schema = _SchemaRelease(lambda pointer: _release(pointer, _SchemaRelease()))
_release_array = _ArrayRelease(lambda pointer: _release(pointer, _ArrayRelease()))
_release_stream = _StreamRelease(lambda pointer: _release(pointer, _StreamRelease()))


def _buffers(values: np.ndarray) -> tuple[bytes, list[np.ndarray | None]]:
    """The Arrow format of a column and its buffers, the first of which would say what is null."""
    if values.dtype.kind == "f":
        return b"g", [None, np.ascontiguousarray(values, dtype=np.float64)]
    if values.dtype.kind in "iu":
        return b"l", [None, np.ascontiguousarray(values, dtype=np.int64)]
    texts = [str(value).encode() for value in values]
    offsets = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum([len(text) for text in texts], out=offsets[1:])
    return b"U", [None, offsets, np.frombuffer(b"".join(texts) or b"\0", dtype=np.uint8)]


def _fill_schema(schema: _Schema, form: bytes, name: bytes, children: list[_Schema]) -> None:
    pointers = (ctypes.POINTER(_Schema) * max(1, len(children)))(*[ctypes.pointer(child) for child in children])
    schema.format, schema.name, schema.metadata, schema.flags = form, name, None, 0
    schema.n_children, schema.children = len(children), pointers
    schema.release = _release_schema
    schema.private_data = _hold((form, name, pointers, children))


def _fill_array(array: _Array, length: int, buffers: list[np.ndarray | None], children: list[_Array]) -> None:
    pointers = (ctypes.POINTER(_Array) * max(1, len(children)))(*[ctypes.pointer(child) for child in children])
    addresses = (ctypes.c_void_p * max(1, len(buffers)))(*[None if buffer is None else buffer.ctypes.data for buffer in buffers])
    array.length, array.null_count, array.offset = length, 0, 0
    array.n_buffers, array.buffers = len(buffers), addresses
    array.n_children, array.children = len(children), pointers
    array.release = _release_array
    array.private_data = _hold((pointers, children, addresses, buffers))


def _get_schema(stream: Any, out: Any) -> int:
    columns = _held[stream.contents.private_data]["columns"]
    children = []
    for name, (form, _) in columns.items():
        child = _Schema()
        _fill_schema(child, form, name.encode(), [])
        children.append(child)
    _fill_schema(out.contents, b"+s", b"", children)
    return 0


def _get_next(stream: Any, out: Any) -> int:
    state = _held[stream.contents.private_data]
    if state["done"]:
        out.contents.release = _ArrayRelease()
        return 0
    state["done"] = True
    children = []
    for _, buffers in state["columns"].values():
        child = _Array()
        _fill_array(child, state["length"], buffers, [])
        children.append(child)
    _fill_array(out.contents, state["length"], [None], children)
    return 0


_schema_callback = _GetSchema(_get_schema)
_next_callback = _GetNext(_get_next)
_error_callback = _GetLastError(lambda stream: None)

_new_capsule = ctypes.pythonapi.PyCapsule_New
_new_capsule.restype = ctypes.py_object
_new_capsule.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
_capsule_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_capsule_pointer.restype = ctypes.c_void_p
_capsule_pointer.argtypes = [ctypes.py_object, ctypes.c_char_p]

_NAME = b"arrow_array_stream"
_capsules: dict[int, _Stream] = {}


@ctypes.CFUNCTYPE(None, ctypes.c_void_p)
def _destroy(capsule: int) -> None:
    address = ctypes.pythonapi.PyCapsule_GetPointer(ctypes.cast(capsule, ctypes.py_object), _NAME)
    stream = _capsules.pop(address, None)
    # Whoever consumed the stream has moved it away and left no release behind.
    if stream is not None and stream.release:
        stream.release(ctypes.pointer(stream))


def stream(columns: dict[str, np.ndarray]) -> object:
    """A capsule named ``arrow_array_stream`` over one batch of the columns."""
    length = len(next(iter(columns.values()), ()))
    stream = _Stream()
    stream.get_schema, stream.get_next, stream.get_last_error = _schema_callback, _next_callback, _error_callback
    stream.release = _release_stream
    stream.private_data = _hold({"columns": {name: _buffers(values) for name, values in columns.items()}, "length": length, "done": False})
    address = ctypes.addressof(stream)
    _capsules[address] = stream
    return _new_capsule(address, _NAME, ctypes.cast(_destroy, ctypes.c_void_p))
