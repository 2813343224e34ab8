"""Django's settings, from the environment: see ``environment.SETTINGS`` for every variable."""

import secrets
from pathlib import Path

from daliz.config import environment
from daliz.config.logs import logging_settings

HOME = Path(environment.text("DALIZ_HOME")).resolve()


def _secret() -> str:
    """Return the secret: given, or kept in the home by ``daliz serve``; else one of this process alone."""
    path = HOME / "secret-key"
    kept = path.read_text(encoding="utf-8").strip() if path.is_file() else ""
    return environment.text("DALIZ_SECRET_KEY") or kept or secrets.token_urlsafe(48)


SECRET_KEY = _secret()
DEBUG = environment.flag("DALIZ_DEBUG")
ALLOWED_HOSTS = [host.strip() for host in environment.text("DALIZ_HOSTS").split(",") if host.strip()]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "daliz.ground.staff",
    "daliz.ground.journal",
    "daliz.ground.outbox",
    "daliz.ground.nights",
    "daliz.customs.intake",
    "daliz.customs.assessment",
    "daliz.customs.control",
    "daliz.doors.api",
]
MIDDLEWARE = [
    "daliz.doors.health.watching.Watching",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "daliz.config.urls"
WSGI_APPLICATION = "daliz.config.wsgi.application"
AUTH_USER_MODEL = "staff.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
TEMPLATES: list[dict[str, object]] = []

DATABASES = {"default": environment.database(environment.text("DATABASE_URL"), HOME)}

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ru", "Русский"), ("kk", "Қазақша")]
STATIC_URL = "/static/"

HTTPS = environment.flag("DALIZ_HTTPS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 2**20

LOGGING = logging_settings(as_json=environment.text("DALIZ_LOGS") != "text")
METRICS_TOKEN = environment.text("DALIZ_METRICS_TOKEN")

PACK = environment.text("DALIZ_PACK")
OVERLAY = environment.text("DALIZ_OVERLAY")
NIGHTS = environment.flag("DALIZ_NIGHTS")
DRAW_KEY = environment.text("DALIZ_DRAW_KEY")
