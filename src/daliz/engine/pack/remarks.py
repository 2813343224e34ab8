"""What is worth saying of a pack that is right: gaps that no rule forbids but an analyst should know."""

from dataclasses import dataclass

from daliz.engine.pack.pack import Pack
from daliz.language import N_, Text, translate


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing worth knowing; the pack is right all the same.

    Attributes:
        code: stable across releases, for programs (``register-area-uncovered``).
        template: the sentence, marked for translation; names ``{code}`` and ``{name}``.
        of: code of what it speaks of.
        name: what people call that.
    """

    code: str
    template: str
    of: str
    name: Text

    def text(self, lang: str = "en") -> str:
        """Return ``sentence [code]`` in ``lang``."""
        said = translate(self.template, lang, code=self.of, name=self.name.in_(lang))
        return f"{said} [{self.code}]"


def remarks(pack: Pack) -> list[Remark]:
    """Return the remarks on a checked pack: areas no profile guards, threats and groups no area names."""
    register = pack.register
    coverage = register.coverage(pack.profiles)
    threats = {area.threat for area in register.areas.values()}
    groups = {group for area in register.areas.values() for group in area.groups}
    return [
        *(
            Remark(
                "register-area-uncovered",
                N_("no active profile guards the risk area {code} ({name})"),
                area.code,
                area.name,
            )
            for area in register.areas.values()
            if not coverage[area.code]
        ),
        *(
            Remark(
                "register-threat-unused",
                N_("no risk area names the threat {code} ({name})"),
                threat.code,
                threat.name,
            )
            for threat in register.threats.values()
            if threat.code not in threats
        ),
        *(
            Remark(
                "register-group-unused",
                N_("no risk area names the risk group {code} ({name})"),
                group.code,
                group.name,
            )
            for group in register.groups.values()
            if group.code not in groups
        ),
    ]
