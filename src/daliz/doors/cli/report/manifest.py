"""The manifest of an assessment, as ``daliz assess`` leaves it beside its tables."""

from datetime import date
from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError

from daliz.engine.pack import Decider, Pack
from daliz.language import N_, DalizError


class FolderError(DalizError):
    """A folder is not what ``daliz assess`` leaves."""

    code: ClassVar[str] = "assessment-folder"


class _Part(BaseModel):
    """A part of the manifest; keys that a later version adds are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class PackVersion(_Part):
    """Which country pack decided."""

    code: str
    version: str
    fingerprint: str
    overlay: str | None = None


class PolicyManifest(_Part):
    """Everything that made the decisions what they are."""

    engine: str
    pack: PackVersion
    profiles: tuple[tuple[str, int], ...]
    experience: str
    profiles_of: date | None = None
    decides: Decider = Decider.SYSTEM

    @property
    def advises(self) -> bool:
        """Tell whether corridor and measures are advice to the officer who decides."""
        return self.decides is Decider.OFFICER


class Days(_Part):
    """The assessed days, both included."""

    first: date
    last: date


class Counts(_Part):
    """How much was assessed and how much kept out."""

    declarations: int
    versions: int
    items: int
    quarantined_declarations: int
    quarantine_entries: int


class Input(_Part):
    """A file that was read, named by what is in it."""

    name: str
    sha256: str
    files: int | None = None
    bytes: int | None = None


class Capacity(_Part):
    """Officer time as it was stated; ``unit`` is declarations or minutes."""

    unit: str
    stated: str | None
    shares: dict[str, float]


class Draw(_Part):
    """The key of the random share."""

    key_id: str
    commitment: str
    practice: bool


class ProfileExperience(_Part):
    """What past controls say of one profile; ``low`` and ``high`` bound 90 %."""

    profile_id: str
    version: int
    hit_rate: float
    low: float
    high: float
    controlled: int
    found: int
    overlap: float
    weight: float
    loss_share: float


class Experience(_Part):
    """What past controls taught before the first assessed day."""

    controls: int
    random_controls: int
    base_probability: float
    profiles: tuple[ProfileExperience, ...]


class UnknownFeature(_Part):
    """A feature that profiles ask for, and the share of items for which it is unknown, 0 to 1."""

    name: str
    share: float


class Manifest(_Part):
    """The manifest as a whole."""

    policy_id: str
    policy: PolicyManifest
    days: Days
    counts: Counts
    inputs: tuple[Input, ...]
    capacity: Capacity
    draw: Draw
    experience: Experience
    unknown: tuple[UnknownFeature, ...]

    def named_by(self, pack: Pack) -> "Manifest":
        """Return the manifest with the names of the overlay under which it was made, where ``pack`` has it.

        The file itself has aliases, because others may read it. Under any other pack it stays as it is.
        """
        if pack.overlay is None or pack.fingerprint != self.policy.pack.fingerprint:
            return self
        names = {pack.told(name): name for name in [*(p.id for p in pack.profiles), *pack.vocabulary]}
        profiles = tuple((names.get(name, name), version) for name, version in self.policy.profiles)
        experience = tuple(
            one.model_copy(update={"profile_id": names.get(one.profile_id, one.profile_id)})
            for one in self.experience.profiles
        )
        unknown = tuple(
            one.model_copy(update={"name": names.get(one.name, one.name)}) for one in self.unknown
        )
        shares = self.capacity.shares or dict(pack.policy.default_capacity)
        own = self.policy.pack.model_copy(update={"version": pack.version})
        return self.model_copy(
            update={
                "policy": self.policy.model_copy(update={"profiles": profiles, "pack": own}),
                "experience": self.experience.model_copy(update={"profiles": experience}),
                "unknown": unknown,
                "capacity": self.capacity.model_copy(update={"shares": shares}),
            }
        )


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of an output folder.

    Raises:
        FolderError: there is none, or it is not one.
    """
    path = folder / "manifest.json"
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except OSError as error:
        raise FolderError(
            N_("{folder} has no manifest.json; name the folder that daliz assess wrote"), folder=str(folder)
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        raise FolderError(
            N_("manifest.json in {folder} is not one of daliz assess: {field}: {detail}"),
            folder=str(folder), field=".".join(map(str, first["loc"])) or "–", detail=first["msg"],
        ) from error  # fmt: skip
