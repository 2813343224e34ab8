"""The country pack in force and the key of the draw, read once a process."""

from functools import cache
from pathlib import Path

from django.conf import settings

from daliz.engine.allocation import PRACTICE_KEY, DrawKey
from daliz.engine.pack import Pack, load_pack


@cache
def pack() -> Pack:
    """Return the pack that the settings name, with the administration's overlay if there is one."""
    overlay = Path(settings.OVERLAY) if settings.OVERLAY else None
    return load_pack(settings.PACK, overlay=overlay)


@cache
def draw_key() -> DrawKey:
    """Return the key of the draw; the practice key, which anybody knows, where none is named."""
    return DrawKey.read(Path(settings.DRAW_KEY)) if settings.DRAW_KEY else PRACTICE_KEY
