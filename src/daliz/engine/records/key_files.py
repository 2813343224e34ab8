"""A secret with a name, kept in a file that only its owner may read."""

import json
from dataclasses import dataclass
from pathlib import Path

from daliz.language import N_, DalizError

_SHORTEST = 16


@dataclass(frozen=True, slots=True)
class KeyFile:
    """How the keys of one purpose are kept; a key of another purpose is not taken for one.

    Attributes:
        name: member of the file under which the key's name stands; differs by purpose.
        error: what is raised.
        unreadable: template of what is said where a file cannot be read, of ``path`` and ``cause``.
        other: template where it is no such key, of ``path``; says how one is made.
        short: template where the secret is shorter than ``n`` bytes, of ``path`` and ``n``.
    """

    name: str
    error: type[DalizError]
    unreadable: str
    other: str
    short: str

    def write(self, path: Path, key_id: str, secret: bytes) -> None:
        """Keep a key.

        Raises:
            DalizError: the file exists; another key is never overwritten.
        """
        text = json.dumps({self.name: key_id, "secret": secret.hex()}, indent=1) + "\n"
        try:
            path.touch(mode=0o600, exist_ok=False)
            path.write_text(text, encoding="utf-8")
        except FileExistsError:
            raise self.error(
                N_("{path} exists; a key is never overwritten, name another file"), path=path.name
            ) from None

    def read(self, path: Path) -> tuple[str, bytes]:
        """Return the name and the secret that ``write`` kept.

        Raises:
            DalizError: there is none, it is of another purpose, or it is too short.
        """
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            key_id, secret = str(content[self.name]), bytes.fromhex(content["secret"])
        except OSError as error:
            raise self.error(self.unreadable, path=path.name, cause=error.strerror) from error
        except (ValueError, KeyError, TypeError) as error:
            raise self.error(self.other, path=path.name) from error
        if len(secret) < _SHORTEST:
            raise self.error(self.short, path=path.name, n=_SHORTEST)
        return key_id, secret
