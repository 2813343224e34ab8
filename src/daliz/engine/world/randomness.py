"""Chance that can be repeated: one stream of numbers for each purpose, one small draw for each thing.

No stream depends on how much another was used, so a change in one part of the world leaves the others.
"""

import hashlib
import zlib

import numpy as np


def stream(seed: int, *purpose: str | int) -> np.random.Generator:
    """Return the generator of one purpose (``"arrivals", 3``) of the world ``seed``.

    Example:
        >>> float(stream(7, "traders").random()) == float(stream(7, "traders").random())
        True
    """
    words = [zlib.crc32(word.encode()) if isinstance(word, str) else word for word in purpose]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *words])))


def uniforms(seed: int, key: str, count: int = 8) -> tuple[float, ...]:
    """Return up to 8 uniform numbers in [0, 1) that depend on nothing but ``seed`` and ``key``.

    Example:
        >>> uniforms(1, "a", 2) == uniforms(1, "a", 8)[:2]
        True
    """
    digest = hashlib.blake2b(f"{seed}|{key}".encode(), digest_size=64).digest()
    return tuple(int.from_bytes(digest[8 * i : 8 * i + 8], "big") / 2.0**64 for i in range(count))
