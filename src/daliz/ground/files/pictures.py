"""A picture made small: decoded within bounds and written anew, so that only the picture is left.

What a camera writes beside a picture (place, owner, device) does not go along.
"""

import io
import warnings
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps

from daliz.ground.files.actions import path_of
from daliz.ground.files.kinds import Kind
from daliz.ground.files.models import Upload

PICTURES: Final = frozenset({Kind.JPEG, Kind.PNG, Kind.TIFF})
"""Kinds of file that are pictures."""

_FORMATS: Final = ("JPEG", "PNG", "TIFF")
_MOST_PIXELS: Final = 80_000_000
_QUALITY: Final = 80


def is_picture(upload: Upload) -> bool:
    """Tell whether an upload is a picture, by its bytes."""
    return Kind(upload.file.kind) in PICTURES


def small(upload: Upload, *, side: int) -> bytes | None:
    """Return a picture as a small JPEG; None where its bytes are gone, broken, or of too many points.

    Args:
        upload: of a picture.
        side: points that neither side may exceed, above 0.
    """
    return _small(path_of(upload.file_id), side)


def _small(path: Path, side: int) -> bytes | None:
    held = io.BytesIO()
    try:
        with warnings.catch_warnings(), Image.open(path, formats=_FORMATS) as picture:
            warnings.simplefilter("ignore")
            if picture.width * picture.height > _MOST_PIXELS:
                return None
            picture.draft("RGB", (side, side))
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            upright.thumbnail((side, side))
            upright.info = {}
            upright.save(held, "JPEG", quality=_QUALITY)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    return held.getvalue()
