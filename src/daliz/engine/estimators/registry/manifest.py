"""A hash of every file, signed: what was published and nothing else."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import ClassVar, Final

from pydantic import TypeAdapter, ValidationError

from daliz.engine.estimators.registry.key import SigningKey
from daliz.language import N_, DalizError

FILE: Final = "manifest.json"


class TamperedError(DalizError):
    """A published model is not what was published."""

    code: ClassVar[str] = "model-tampered"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was published, by whom, with what.

    Attributes:
        format: of this file.
        name: of the line of models.
        version: of the bundle.
        content: SHA-256 over names and hashes of all files; the same models have the same.
        files: SHA-256 of each file by its name.
        made_by: who trained and published it.
        made_at: when, ISO date and time.
        engine: version of Daliz that wrote it.
        key_id: name of the key it is signed with.
        signature: HMAC over all of the above.
    """

    format: str
    name: str
    version: str
    content: str
    files: Mapping[str, str]
    made_by: str
    made_at: str
    engine: str
    key_id: str
    signature: str = ""

    @property
    def folder(self) -> str:
        """Return the folder's name: version and the beginning of the content's hash."""
        return f"{self.version}-{self.content[:12]}"

    def signed(self, key: SigningKey) -> "Manifest":
        """Return the manifest with its signature."""
        return replace(self, signature=key.sign(self._said()))

    def check(self, folder: Path, key: SigningKey | None) -> None:
        """Hold the folder against the manifest; without a key its signature is not looked at.

        Raises:
            TamperedError: a file is missing, is another or was not published, or the signature does not hold.
        """
        there = {path.name: path for path in folder.iterdir() if path.name != FILE}
        for name in sorted(set(there) | set(self.files)):
            if name not in there:
                raise TamperedError(N_("{folder}: the file {file} is missing"), folder=folder.name, file=name)
            if name not in self.files or there[name].is_symlink() or not there[name].is_file():
                raise TamperedError(
                    N_("{folder}: the file {file} was not published"), folder=folder.name, file=name
                )
            if hash_of(there[name]) != self.files[name]:
                raise TamperedError(
                    N_("{folder}: the file {file} was changed after it was published"),
                    folder=folder.name,
                    file=name,
                )
        if self.content != content_of(self.files) or folder.name != self.folder:
            raise TamperedError(N_("{folder}: the manifest is of another model"), folder=folder.name)
        if key is not None and not self.holds(key):
            raise TamperedError(
                N_("{folder}: the signature does not hold; it was to be made with the key {key_id}"),
                folder=folder.name,
                key_id=self.key_id,
            )

    def holds(self, key: SigningKey) -> bool:
        """Tell whether the manifest was signed with the key."""
        return key.holds(self._said(), self.signature)

    def _said(self) -> bytes:
        said = asdict(self)
        del said["signature"]
        return json.dumps(said, ensure_ascii=False, sort_keys=True).encode()

    def write(self, folder: Path) -> None:
        """Write the manifest beside the files it speaks of."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"
        (folder / FILE).write_text(text, encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Read the manifest of a folder.

        Raises:
            TamperedError: there is none, or it is not one.
        """
        try:
            return _MANIFEST.validate_json((folder / FILE).read_text(encoding="utf-8"))
        except (OSError, ValidationError, UnicodeDecodeError) as error:
            raise TamperedError(N_("{folder} has no manifest of a model"), folder=folder.name) from error


_MANIFEST: Final = TypeAdapter(Manifest)


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def content_of(files: Mapping[str, str]) -> str:
    """Return the SHA-256 over names and hashes, hexadecimal.

    Example:
        >>> content_of({"b": "2", "a": "1"}) == content_of({"a": "1", "b": "2"})
        True
    """
    return hashlib.sha256(json.dumps(dict(files), sort_keys=True).encode()).hexdigest()
