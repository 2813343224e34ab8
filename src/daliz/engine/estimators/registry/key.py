"""The key under which published models are signed, so that nobody can slip one in."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Final

from daliz.engine.records.key_files import KeyFile
from daliz.language import N_, DalizError

_TAG: Final = b"daliz/model/v1|"


class SigningKeyError(DalizError):
    """A signing key cannot be used."""

    code: ClassVar[str] = "model-key"


_FILE: Final = KeyFile(
    name="model_key_id",
    error=SigningKeyError,
    unreadable=N_("the key {path} cannot be read: {cause}"),
    other=N_("{path} is not a key for models; make one with: daliz model new-key"),
    short=N_("the key in {path} is shorter than {n} bytes"),
)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A secret for signing models, and its name.

    Example:
        >>> key = SigningKey("2026-1", bytes(32))
        >>> key.holds(b"a model", key.sign(b"a model")), key.holds(b"another", key.sign(b"a model"))
        (True, False)
    """

    key_id: str
    secret: bytes = field(repr=False)

    def sign(self, content: bytes) -> str:
        """Return the signature of the content, hexadecimal (HMAC-SHA256)."""
        return hmac.digest(self.secret, _TAG + content, hashlib.sha256).hex()

    def holds(self, content: bytes, signature: str) -> bool:
        """Tell whether the signature was made with this key over this content."""
        return hmac.compare_digest(self.sign(content).encode(), signature.encode())

    def write(self, path: Path) -> None:
        """Keep the key in a file that only its owner may read; refuse to overwrite another key."""
        _FILE.write(path, self.key_id, self.secret)

    @classmethod
    def read(cls, path: Path) -> "SigningKey":
        """Read a key that ``write`` kept."""
        return cls(*_FILE.read(path))


PRACTICE_SIGNING_KEY: Final = SigningKey(
    "practice", hashlib.sha256(b"daliz practice key for models: known to everybody").digest()
)
"""For demonstrations and tests: whoever can write the files can sign with it too."""


def new_signing_key(key_id: str) -> SigningKey:
    """Return a fresh key of 256 bits from the system's source of randomness."""
    return SigningKey(key_id, secrets.token_bytes(32))
