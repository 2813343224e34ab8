"""Settings come from the environment, typed; a wrong one stops the start and names its variable."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from daliz.language import N_, DalizError

_TRUE: Final = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}


class SettingError(DalizError):
    """A variable of the environment is not right."""

    code: ClassVar[str] = "setting"


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable: its name, what it says, and what holds without it."""

    name: str
    meaning: str
    default: str


SETTINGS: Final = (
    Setting("DALIZ_HOME", "folder for the embedded database, keys and uploaded files", "daliz-data"),
    Setting(
        "DALIZ_SECRET_KEY", "secret of sessions and signatures; made and kept in DALIZ_HOME if not given", ""
    ),
    Setting(
        "DALIZ_SECRET_KEYS_BEFORE",
        "secrets that held before, divided by commas, until a night has sealed anew what they sealed",
        "",
    ),
    Setting(
        "DATABASE_URL",
        "PostgreSQL, postgresql://user:password@host:5432/name; SQLite in DALIZ_HOME if empty",
        "",
    ),
    Setting("DALIZ_DEBUG", "show errors in full; never where others can reach it", "false"),
    Setting(
        "DALIZ_HOSTS", "names under which the site is reached, divided by commas", "localhost,127.0.0.1,[::1]"
    ),
    Setting("DALIZ_PACK", "country pack: its code or folder", "kz"),
    Setting("DALIZ_OVERLAY", "folder of the administration's own data over the pack", ""),
    Setting("DALIZ_DRAW_KEY", "file of the draw's key; the practice key if empty", ""),
    Setting("DALIZ_MODELS", "directory of published models; models in DALIZ_HOME if empty", ""),
    Setting("DALIZ_MONTHS", "folder that a job of each night exports months to; none if empty", ""),
    Setting(
        "DALIZ_MODEL_KEY", "file with the key that models are signed with; the practice key if empty", ""
    ),
    Setting("DALIZ_NIGHTS", "do the nights' jobs by themselves, in `daliz serve` and `daliz tend`", "true"),
    Setting("DALIZ_LOGS", "json: a line of JSON for each event; text: lines for people", "json"),
    Setting("DALIZ_METRICS_TOKEN", "token that shows /metrics to others than this machine", ""),
    Setting("DALIZ_HTTPS", "cookies only over HTTPS, and tell browsers to stay there", "false"),
    Setting("DALIZ_FILE_MOST_MB", "megabytes that an uploaded file may have", "20"),
    Setting(
        "DALIZ_VIRUS_SCAN",
        "command that looks an uploaded file through, its path is added; another exit code than 0 refuses it",
        "",
    ),
    Setting(
        "DALIZ_WEBHOOK_PRIVATE",
        "webhooks may go to addresses of the own network, and without HTTPS; for tests and closed networks",
        "false",
    ),
    Setting("DALIZ_MAIL", "mail server, smtp://user:password@host:587 (smtps:// for TLS from the start)", ""),
    Setting("DALIZ_MAIL_FROM", "address from which notifications are sent", "daliz@localhost"),
    Setting(
        "DALIZ_GATHERED",
        "style sheets and scripts are in DALIZ_HOME/static, put there by `python -m django collectstatic`",
        "false",
    ),
    Setting("DALIZ_SESSION_IDLE_MINUTES", "a login that nobody uses for so long ends", "30"),
    Setting("DALIZ_SESSION_HOURS", "every login ends after so long", "12"),
    Setting("DALIZ_LOGIN_FAILURES", "so many wrong passwords lock a login for a quarter of an hour", "10"),
    Setting(
        "DALIZ_ADDRESS_FAILURES",
        "so many wrong passwords from one address, or for one login from anywhere, lock it for as long",
        "50",
    ),
    Setting(
        "DALIZ_PROXIES",
        "reverse proxies of ours before the server: their X-Forwarded-For and X-Forwarded-Proto are believed",
        "0",
    ),
    Setting("DALIZ_OIDC_URL", "the administration's own login service (OpenID Connect); none if empty", ""),
    Setting("DALIZ_OIDC_NAME", "what people call that service", "OpenID Connect"),
    Setting("DALIZ_OIDC_CLIENT", "our name with that service", ""),
    Setting("DALIZ_OIDC_SECRET", "our secret with that service", ""),
)
"""Every variable that Daliz reads."""

_PREPARED_AFTER: Final = 5
"""Times that a statement is sent before PostgreSQL is asked to keep its plan."""

_DEFAULTS: Final = {setting.name: setting.default for setting in SETTINGS}


def text(name: str) -> str:
    """Return a variable, or what holds without it."""
    return os.environ.get(name, _DEFAULTS[name]).strip()


def flag(name: str) -> bool:
    """Return a variable that is true or false.

    Raises:
        SettingError: it is neither.
    """
    found = text(name).lower()
    if found not in _TRUE:
        raise SettingError(N_("{name} is {found}; write true or false"), name=name, found=found or "–")
    return _TRUE[found]


def whole(name: str, *, least: int = 1) -> int:
    """Return a variable that is a whole number, ``least`` or more.

    Raises:
        SettingError: it is none.
    """
    found = text(name)
    if not found.isascii() or not found.isdigit() or int(found) < least:
        raise SettingError(
            N_("{name} is {found}; write a whole number, {least} or more"),
            name=name, found=found or "–", least=least,
        )  # fmt: skip
    return int(found)


def mail(url: str) -> dict[str, Any]:
    """Return Django's settings of the mail server that ``url`` names; none where it is empty.

    Raises:
        SettingError: it is no address of a mail server.

    Example:
        >>> mail("smtps://daliz:secret@mail.example")["EMAIL_PORT"]
        465
        >>> mail("")
        {}
    """
    if not url:
        return {}
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise SettingError(
            N_("DALIZ_MAIL begins with {found}; write smtp://user:password@host:587"),
            found=f"{parts.scheme}://",
        )
    tls = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if tls else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": tls,
        "EMAIL_USE_TLS": not tls and bool(parts.username),
        "EMAIL_TIMEOUT": 10,
    }


def database(url: str, home: Path) -> dict[str, Any]:
    """Return Django's settings of the database that ``url`` names, of SQLite in ``home`` where it is empty.

    SQLite: write-ahead log, every commit on the disk before it is told, a writing transaction waits for its
    turn at once instead of failing half way.

    Raises:
        SettingError: the address is none of PostgreSQL or SQLite.

    Example:
        >>> database("postgresql://daliz:secret@db/daliz?sslmode=require", Path("/x"))["OPTIONS"]
        {'sslmode': 'require', 'prepare_threshold': 5}
    """
    if not url:
        return _sqlite(home / "daliz.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(parts.path))
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise SettingError(
            N_("DATABASE_URL begins with {found}; write postgresql://user:password@host:5432/name"),
            found=f"{parts.scheme}://",
        )
    return {
        "ENGINE": "daliz.ground.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**dict(parse_qsl(parts.query)), "prepare_threshold": _PREPARED_AFTER},
    }


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
                "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"
            ),
        },
    }
