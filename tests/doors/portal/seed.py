"""People for the story in a browser, with tokens for what officers' and payments' systems do in it.

Run by itself in the environment of the system under test; prints the tokens as JSON.
"""

import json
import os
from datetime import UTC, datetime, timedelta
from typing import Final

PASSWORD: Final = "ten tamed camels"
COMPANIES: Final = {"en": "600400123456", "ru": "990101300123", "kk": "080540005678"}


def main() -> None:
    """Admit them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daliz.config.settings")
    import django

    django.setup()
    from daliz.customs.control.actions import be_present
    from daliz.ground.staff.actions import SCOPES, admit, grant, issue_token
    from daliz.ground.staff.actor import SYSTEM, Role
    from daliz.ground.staff.models import User

    now = datetime.now(UTC)

    def person(login: str, *roles: Role, organisation: str = "", lang: str = "ru") -> User:
        user = admit(
            login=login, name=login.title(), password=PASSWORD, organisation=organisation, lang=lang,
            email=f"{login}@example.kz", actor=SYSTEM, now=now,
        )  # fmt: skip
        for role in roles:
            grant(user=user, role=role, office=None, actor=SYSTEM, now=now)
        return user

    for lang, organisation in COMPANIES.items():
        person(
            f"broker-{lang}", Role.DECLARANT, Role.COMPANY_ADMINISTRATOR, organisation=organisation, lang=lang
        )
    officer, second = person("officer", Role.OFFICER), person("second", Role.OFFICER)
    be_present(user=officer, on_shift=True, forms=["documents", "physical"], actor=SYSTEM, now=now)
    working = {"officer": officer, "second": second, "treasury": person("treasury", Role.ADAPTER)}
    print(
        json.dumps(
            {
                name: issue_token(
                    user=user,
                    name="story",
                    scopes=SCOPES,
                    expires_at=now + timedelta(days=1),
                    actor=SYSTEM,
                    now=now,
                )
                for name, user in working.items()
            }
        )
    )


if __name__ == "__main__":
    main()
