"""Models as files: published once, never changed, in force by a second person, refused if tampered with."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from daliz import __version__
from daliz.engine.estimators.checks import Check
from daliz.engine.estimators.registry.bundle import Bundle
from daliz.engine.estimators.registry.files import check_bundle, read_bundle, read_training, write_bundle
from daliz.engine.estimators.registry.in_force import Act, Entry, add_entry, current_of, read_log
from daliz.engine.estimators.registry.key import SigningKey
from daliz.engine.estimators.registry.manifest import FILE, Manifest, content_of, hash_of
from daliz.language import N_, DalizError

_FORMAT: Final = "daliz-model/1"


class RegistryError(DalizError):
    """A model cannot be published, found or put in force."""

    code: ClassVar[str] = "model-registry"


@dataclass(frozen=True, slots=True)
class Publication:
    """What became of a bundle that was to be published.

    Attributes:
        folder: name of the folder it is in; None if it failed a check and was not published.
        checks: every check with value, bound and verdict.
    """

    folder: str | None
    checks: tuple[Check, ...]


class Registry:
    """A directory of published models: ``NAME/VERSION-HASH/`` and ``NAME/in_force.json``.

    Args:
        directory: made when first published to.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def publish(self, bundle: Bundle, *, made_by: str, made_at: str, key: SigningKey) -> Publication:
        """Publish a bundle that passed its checks; the folder appears whole or not at all.

        Publishing the same bundle again changes nothing.

        Args:
            bundle: what to publish.
            made_by: who made it, a name or number of a person.
            made_at: when, ISO date and time.
            key: to sign with.

        Raises:
            BundleError: its parts do not fit each other.
            RegistryError: another model has this version, or nobody made it.
        """
        check_bundle(bundle)
        if not made_by.strip():
            raise RegistryError(N_("a model is published by somebody; name who"))
        if not bundle.passed:
            return Publication(None, bundle.checks)
        line = self.directory / bundle.name
        line.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=line))
        try:
            write_bundle(bundle, fresh)
            files = {path.name: hash_of(path) for path in sorted(fresh.iterdir())}
            manifest = Manifest(
                format=_FORMAT,
                name=bundle.name,
                version=bundle.version,
                content=content_of(files),
                files=files,
                made_by=made_by,
                made_at=made_at,
                engine=__version__,
                key_id=key.key_id,
            ).signed(key)
            manifest.write(fresh)
            for path in [*fresh.iterdir(), fresh]:
                _to_disk(path)
            self._settle(fresh, line, manifest)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        return Publication(manifest.folder, bundle.checks)

    def _settle(self, fresh: Path, line: Path, manifest: Manifest) -> None:
        """Give the folder its name, unless the same model is there already."""
        for there in self.manifests(manifest.name):
            if there.version == manifest.version and there.content != manifest.content:
                raise RegistryError(
                    N_("{name}: version {version} is another model; publish under a new version"),
                    name=manifest.name,
                    version=manifest.version,
                )
        if not (line / manifest.folder).exists():
            fresh.chmod(0o755)
            fresh.rename(line / manifest.folder)
            _to_disk(line)

    def names(self) -> tuple[str, ...]:
        """Return the lines of models there are."""
        if not self.directory.is_dir():
            return ()
        return tuple(sorted(path.name for path in self.directory.iterdir() if path.is_dir()))

    def manifests(self, name: str) -> Iterator[Manifest]:
        """Yield the manifests of a line of models, in the order of their folders."""
        line = self.directory / name
        for folder in sorted(line.iterdir()) if line.is_dir() else ():
            if folder.is_dir() and not folder.name.startswith("."):
                yield Manifest.read(folder)

    def log(self, name: str, *, key: SigningKey | None) -> tuple[Entry, ...]:
        """Return what was put in force and retired, the earliest first."""
        return read_log(self.directory / name, key)

    def current(self, name: str, *, key: SigningKey | None, day: str | None = None) -> str | None:
        """Return the folder of the model in force for a day; None if none is.

        Args:
            name: of the line of models.
            key: to hold the log's signatures against; None not to look at them.
            day: of registration, ISO date; None for the model that was put in force last.
        """
        entry = current_of(self.log(name, key=key), day)
        return entry.folder if entry else None

    def line_of(self, version: str) -> str:
        """Return the one line of models that has this version or folder.

        Raises:
            RegistryError: none has it, or several have.
        """
        known = {name: list(self.manifests(name)) for name in self.names()}
        lines = [name for name, of in known.items() if any(version in (m.version, m.folder) for m in of)]
        if len(lines) == 1:
            return lines[0]
        if lines:
            raise RegistryError(
                N_("several models have the version {version}: {lines}; say which with --name"),
                version=version,
                lines=", ".join(lines),
            )
        raise RegistryError(
            N_("there is no model of version {version!r} here; there are: {known}"),
            version=version,
            known=", ".join(m.folder for of in known.values() for m in of) or "-",
        )

    def known_before(self, name: str, version: str) -> str:
        """Return the day before which outcomes were known that taught a model, ISO date."""
        return read_training(self._folder(name, version, None)).known_before

    def verify(self, name: str, version: str | None = None, *, key: SigningKey | None) -> Manifest:
        """Hold every file of a model against its signed manifest.

        Args:
            name: of the line of models.
            version: or folder; the one in force if left out.
            key: it was signed with; without it only the hashes are held against each other.

        Raises:
            TamperedError: something is not as it was published.
            RegistryError: there is no such model.
        """
        folder = self._folder(name, version, key)
        manifest = Manifest.read(folder)
        manifest.check(folder, key)
        return manifest

    def load(self, name: str, version: str | None = None, *, key: SigningKey) -> Bundle:
        """Return a published bundle; arguments and errors as for ``verify``."""
        manifest = self.verify(name, version, key=key)
        return read_bundle(
            self.directory / name / manifest.folder, name=manifest.name, version=manifest.version
        )

    def put_in_force(
        self,
        name: str,
        version: str,
        *,
        approved_by: str,
        at: str,
        key: SigningKey,
        from_day: str | None = None,
    ) -> Entry:
        """Have a published model score from a day on, in place of the one before; return what was recorded.

        It is undone by putting the one before in force again.

        Args:
            name: of the line of models.
            version: or folder.
            approved_by: who does it; not who made the model.
            at: when, ISO date and time.
            key: to sign with.
            from_day: first day of registration for which it holds, ISO date; the day of the act if left out.

        Raises:
            RegistryError: whoever made the model approves it, or it learned of what was known only later.
            TamperedError: the model is not as it was published.
        """
        return self._act("put in force", name, version, approved_by, at=at, from_day=from_day, key=key)

    def retire(
        self,
        name: str,
        version: str | None = None,
        *,
        approved_by: str,
        at: str,
        key: SigningKey,
        from_day: str | None = None,
    ) -> Entry:
        """Have no model score from a day on; rules alone go on working. Arguments as for ``put_in_force``.

        Raises:
            RegistryError: the version, or any, is not in force; or whoever made the model retires it.
        """
        current = self.current(name, key=key)
        if version is not None and self._folder(name, version, key).name != current:
            raise RegistryError(
                N_("{name} {version} is not in force; in force is: {current}"),
                name=name,
                version=version,
                current=current or "-",
            )
        return self._act("retired", name, version, approved_by, at=at, from_day=from_day, key=key)

    def _act(
        self,
        act: Act,
        name: str,
        version: str | None,
        approved_by: str,
        *,
        at: str,
        from_day: str | None,
        key: SigningKey,
    ) -> Entry:
        manifest = self.verify(name, version, key=key)
        since = from_day or at[:10]
        known = read_training(self.directory / name / manifest.folder).known_before
        if act == "put in force" and since < known:
            raise RegistryError(
                N_(
                    "{name} {version} learned from what was known before {known}; "
                    "it cannot be in force from {day} already"
                ),
                name=name,
                version=manifest.version,
                known=known,
                day=since,
            )
        if not approved_by.strip() or _same_person(approved_by, manifest.made_by):
            raise RegistryError(
                N_("{name} {version} was made by {person}; a second person must approve it"),
                name=name,
                version=manifest.version,
                person=manifest.made_by,
            )
        entry = Entry(act, manifest.folder, approved_by, at, since, key.key_id, before="")
        add_entry(self.directory / name, self.log(name, key=key), entry, key)
        return entry

    def _folder(self, name: str, version: str | None, key: SigningKey | None) -> Path:
        """Return where a model lies."""
        if name not in self.names():
            raise RegistryError(
                N_("there is no model {name!r} here; there are: {known}"),
                name=name,
                known=", ".join(self.names()) or "-",
            )
        if version is None:
            version = self.current(name, key=key)
            if version is None:
                raise RegistryError(N_("no model of {name} is in force; name a version"), name=name)
        folders = [path for path in sorted((self.directory / name).iterdir()) if (path / FILE).is_file()]
        for folder in folders:
            if version == folder.name or version == folder.name.rpartition("-")[0]:
                return folder
        raise RegistryError(
            N_("{name} has no version {version!r}; there are: {known}"),
            name=name,
            version=version,
            known=", ".join(folder.name for folder in folders) or "-",
        )


def _same_person(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _to_disk(path: Path) -> None:
    """Have the disk keep a file or folder before anybody relies on it."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
