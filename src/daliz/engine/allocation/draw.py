"""The random share: a keyed draw that nobody can steer and anybody can verify once the key is revealed.

The number of a declaration, which the system assigns, is hashed with a secret key; a declaration whose
result falls below its stratum's share is controlled. The key's commitment is published before use, the key
afterwards. The number, not the version, is drawn: an amendment cannot buy a second draw.
"""

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from daliz.language import N_, DalizError

_COMMITMENT_TAG: Final = b"daliz/draw-commitment/v1|"
_SHORTEST_KEY: Final = 16


class DrawKeyError(DalizError):
    """A draw key cannot be used."""

    code: ClassVar[str] = "draw-key"


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
        text = json.dumps({"key_id": self.key_id, "secret": self.secret.hex()}, indent=1) + "\n"
        try:
            path.touch(mode=0o600, exist_ok=False)
            path.write_text(text, encoding="utf-8")
        except FileExistsError:
            raise DrawKeyError(
                N_("{path} exists; a key is never overwritten, name another file"), path=path.name
            ) from None

    @classmethod
    def read(cls, path: Path) -> "DrawKey":
        """Read a key that ``write`` kept."""
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            key = cls(str(content["key_id"]), bytes.fromhex(content["secret"]))
        except OSError as error:
            raise DrawKeyError(
                N_("the draw key {path} cannot be read: {cause}"), path=path.name, cause=error.strerror
            ) from error
        except (ValueError, KeyError, TypeError) as error:
            raise DrawKeyError(
                N_("{path} is not a draw key; make one with: daliz draw new-key"), path=path.name
            ) from error
        if len(key.secret) < _SHORTEST_KEY:
            raise DrawKeyError(
                N_("the draw key in {path} is shorter than {n} bytes"), path=path.name, n=_SHORTEST_KEY
            )
        return key


def new_key(key_id: str) -> DrawKey:
    """Return a fresh key of 256 bits from the system's source of randomness."""
    return DrawKey(key_id, secrets.token_bytes(32))


PRACTICE_KEY: Final = DrawKey("practice", hashlib.sha256(b"daliz practice key: known to everybody").digest())
"""For demonstrations and tests, where a draw that anybody can foresee does no harm."""
