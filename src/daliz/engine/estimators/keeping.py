"""State as bytes and back: numbers as arrays, all else as JSON, nothing that could run as code.

Estimators give what scoring needs of them as a tree: mappings by name whose leaves are arrays or JSON values.
The same tree gives the same bytes, and comes back as it was.
"""

import io
import json
from collections.abc import Mapping
from typing import Any, ClassVar, Final

import numpy as np

from daliz.language import N_, DalizError

Tree = Mapping[str, Any]
"""Mappings by name; leaves are numpy arrays, or what JSON can hold."""

_FORMAT: Final = "daliz-state/1"
_REST: Final = "rest"


class KeptStateError(DalizError):
    """Bytes are no state that this version keeps."""

    code: ClassVar[str] = "kept-state"


def as_bytes(tree: Tree) -> bytes:
    """Return a tree as bytes.

    Example:
        >>> tree = {"rates": {"names": ["ю", "b"], "tried": np.array([1.5, np.nan])}, "day": 7}
        >>> of_bytes(as_bytes(tree))["rates"]["tried"].tolist()
        [1.5, nan]
    """
    arrays: dict[str, np.ndarray[Any, Any]] = {}
    rest = _without_arrays(tree, "", arrays)
    text = json.dumps({"format": _FORMAT, "tree": rest}, ensure_ascii=False, separators=(",", ":"))
    arrays[_REST] = np.frombuffer(text.encode(), dtype=np.uint8)
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays)
    return file.getvalue()


def of_bytes(content: bytes) -> dict[str, Any]:
    """Return the tree of ``as_bytes``.

    Raises:
        KeptStateError: it is none.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as kept:
            arrays = {name: kept[name] for name in kept.files}
        said = json.loads(arrays.pop(_REST).tobytes())
        if said["format"] != _FORMAT:
            raise ValueError
        tree: dict[str, Any] = said["tree"]
    except Exception as error:  # numpy and zipfile raise whatever a broken archive leads them to
        raise KeptStateError(
            N_("what is kept of the models cannot be read; publish the night anew")
        ) from error
    for path, array in arrays.items():
        *above, name = path.split("/")
        at = tree
        for step in above:
            at = at[step]
        at[name] = array
    return tree


def _without_arrays(tree: Tree, path: str, arrays: dict[str, "np.ndarray[Any, Any]"]) -> dict[str, Any]:
    """Return the tree without its arrays, which are put by path into ``arrays``."""
    rest: dict[str, Any] = {}
    for name, value in tree.items():
        if isinstance(value, np.ndarray):
            arrays[f"{path}{name}"] = value
        elif isinstance(value, Mapping):
            rest[name] = _without_arrays(value, f"{path}{name}/", arrays)
        else:
            rest[name] = value
    return rest
