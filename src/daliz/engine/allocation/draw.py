"""The random share: a keyed draw that nobody can steer and anybody can verify once the key is revealed.

The number of a declaration, which the system assigns, is hashed with a secret key; a declaration whose
result falls below its stratum's share is controlled. The key's commitment is published before use, the key
afterwards. The number, not the version, is drawn: an amendment cannot buy a second draw.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from daliz.engine.records.key_files import KeyFile
from daliz.language import N_, DalizError

_COMMITMENT_TAG: Final = b"daliz/draw-commitment/v1|"


class DrawKeyError(DalizError):
    """A draw key cannot be used."""

    code: ClassVar[str] = "draw-key"


_FILE: Final = KeyFile(
    name="key_id",
    error=DrawKeyError,
    unreadable=N_("the draw key {path} cannot be read: {cause}"),
    other=N_("{path} is not a draw key; make one with: daliz draw new-key"),
    short=N_("the draw key in {path} is shorter than {n} bytes"),
)


@dataclass(frozen=True, slots=True)
class DrawKey:
    """A secret for the draw and the name under which its commitment is published.

    Example:
        >>> key = DrawKey("2026-1", bytes(32))
        >>> 0 <= key.draw("random", "KZ-0001") < 1
        True
        >>> key.draw("random", "KZ-0001") == key.draw("share", "KZ-0001")
        False
    """

    key_id: str
    secret: bytes

    @property
    def commitment(self) -> str:
        """The hash that is published before the key is used, hexadecimal."""
        return hashlib.sha256(_COMMITMENT_TAG + self.key_id.encode() + b"|" + self.secret).hexdigest()

    def draw(self, domain: str, number: str) -> float:
        """Return a uniform number in [0, 1) for ``number`` in ``domain``, always the same one."""
        digest = hmac.digest(self.secret, f"daliz/{domain}/v1|{number}".encode(), "sha256")
        return (int.from_bytes(digest[:8], "big") >> 11) / 2**53

    def write(self, path: Path) -> None:
        """Keep the key in a file that only its owner may read; refuse to overwrite another key."""
        _FILE.write(path, self.key_id, self.secret)

    @classmethod
    def read(cls, path: Path) -> "DrawKey":
        """Read a key that ``write`` kept."""
        return cls(*_FILE.read(path))


def new_key(key_id: str) -> DrawKey:
    """Return a fresh key of 256 bits from the system's source of randomness."""
    return DrawKey(key_id, secrets.token_bytes(32))


PRACTICE_KEY: Final = DrawKey("practice", hashlib.sha256(b"daliz practice key: known to everybody").digest())
"""For demonstrations and tests, where a draw that anybody can foresee does no harm."""
