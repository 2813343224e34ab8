"""An administration's own data over a pack: what of it is told, and under which names.

Its profiles, lists, names and values are confidential. Where something is written that others may read, the
overlay stands as a fingerprint, and its names stand under aliases that only its holder can resolve.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Final

from daliz.engine.pack.gather import Gathered, identity

ALIAS: Final = "own-"
"""How an alias begins."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """What is known of an overlay that lies over a pack.

    Attributes:
        fingerprint: SHA-256 of its content, lower-case hex.
        version: of the pack below; the overlay may state its own.
        added: number of its profiles whose ids are new.
        replaced: number of its profiles that take the place of the pack's of the same id.
        retired: number of the pack's profiles that it takes out.
        key: follows from its content and cannot be had from the fingerprint.
    """

    fingerprint: str
    version: str
    added: int
    replaced: int
    retired: int
    key: bytes = field(repr=False)

    @classmethod
    def of(
        cls, base: Gathered, over: Gathered, *, content: bytes, fingerprint: str, version: str
    ) -> "Overlay":
        """Describe the overlay ``over`` of ``base``; ``content`` is all it says, as bytes."""
        below, own = ({identity(node) for node in part.profiles} for part in (base, over))
        return cls(
            fingerprint=fingerprint, version=version, added=len(own - below), replaced=len(own & below),
            retired=len(over.retired), key=hashlib.sha256(b"aliases\n" + content).digest(),
        )  # fmt: skip

    def alias(self, name: str) -> str:
        """Return the name under which others read ``name``: the same under the same overlay."""
        return ALIAS + hmac.new(self.key, name.encode(), hashlib.sha256).hexdigest()[:16]
