"""The key under which published models are signed, so that nobody can slip one in."""

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Final

from daliz.language import N_, DalizError

_SHORTEST: Final = 16
_TAG: Final = b"daliz/model/v1|"


class SigningKeyError(DalizError):
    """A signing key cannot be used."""

    code: ClassVar[str] = "model-key"


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
        text = json.dumps({"model_key_id": self.key_id, "secret": self.secret.hex()}, indent=1) + "\n"
        try:
            path.touch(mode=0o600, exist_ok=False)
            path.write_text(text, encoding="utf-8")
        except FileExistsError:
            raise SigningKeyError(
                N_("{path} exists; a key is never overwritten, name another file"), path=path.name
            ) from None

    @classmethod
    def read(cls, path: Path) -> "SigningKey":
        """Read a key that ``write`` kept."""
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            key = cls(str(content["model_key_id"]), bytes.fromhex(content["secret"]))
        except OSError as error:
            raise SigningKeyError(
                N_("the key {path} cannot be read: {cause}"), path=path.name, cause=error.strerror
            ) from error
        except (ValueError, KeyError, TypeError) as error:
            raise SigningKeyError(
                N_("{path} is not a key for models; make one with: daliz model new-key"), path=path.name
            ) from error
        if len(key.secret) < _SHORTEST:
            raise SigningKeyError(
                N_("the key in {path} is shorter than {n} bytes"), path=path.name, n=_SHORTEST
            )
        return key


PRACTICE_SIGNING_KEY: Final = SigningKey(
    "practice", hashlib.sha256(b"daliz practice key for models: known to everybody").digest()
)
"""For demonstrations and tests: whoever can write the files can sign with it too."""


def new_signing_key(key_id: str) -> SigningKey:
    """Return a fresh key of 256 bits from the system's source of randomness."""
    return SigningKey(key_id, secrets.token_bytes(32))
