"""Django's settings, from the environment: see ``environment.SETTINGS`` for every variable."""

import secrets
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from daliz.config import environment
from daliz.config.logs import logging_settings

HOME = Path(environment.text("DALIZ_HOME")).resolve()


def _secret() -> str:
    """Return the secret: given, or kept in the home by ``daliz serve``; empty where there is none."""
    path = HOME / "secret-key"
    kept = path.read_text(encoding="utf-8").strip() if path.is_file() else ""
    return environment.text("DALIZ_SECRET_KEY") or kept


SECRET_KEPT = bool(_secret())
SECRET_KEY = _secret() or secrets.token_urlsafe(48)  # of this process alone
SECRET_KEY_FALLBACKS = environment.text("DALIZ_SECRET_KEYS_BEFORE").replace(",", " ").split()
DEBUG = environment.flag("DALIZ_DEBUG")
ALLOWED_HOSTS = [host.strip() for host in environment.text("DALIZ_HOSTS").split(",") if host.strip()]

INSTALLED_APPS = [
    "daliz.doors.pages",  # before allauth, whose elements and layouts it draws its own way
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
    "daliz.ground.staff",
    "daliz.ground.journal",
    "daliz.ground.outbox",
    "daliz.ground.files",
    "daliz.ground.nights",
    "daliz.customs.intake",
    "daliz.customs.assessment",
    "daliz.customs.control",
    "daliz.doors.api",
    "daliz.doors.portal",
    "daliz.doors.console",
]
MIDDLEWARE = [
    "daliz.doors.health.watching.Watching",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "daliz.doors.pages.middleware.SessionLimits",
    "daliz.doors.pages.middleware.Speaking",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
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
    {"NAME": "daliz.ground.staff.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
TEMPLATES: list[dict[str, object]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "daliz.doors.pages.context.site",
            ]
        },
    }
]

DATABASES = {"default": environment.database(environment.text("DATABASE_URL"), HOME)}

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ru", "Русский"), ("kk", "Қазақша")]

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
# Gathered under names that carry their digest, or served where they lie.
GATHERED = environment.flag("DALIZ_GATHERED")
WHITENOISE_USE_FINDERS = not GATHERED
_STATIC = (
    "whitenoise.storage.CompressedManifestStaticFilesStorage"
    if GATHERED
    else "django.contrib.staticfiles.storage.StaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _STATIC},
}

HTTPS = environment.flag("DALIZ_HTTPS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REDIRECT_EXEMPT = ["^health$", "^ready$", "^metrics$"]  # asked from inside, without HTTPS
PROXIES = environment.whole("DALIZ_PROXIES", least=0)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a hundred goods items in a form

OIDC_URL = environment.text("DALIZ_OIDC_URL")
OIDC_NAME = environment.text("DALIZ_OIDC_NAME") if OIDC_URL else ""
_OIDC_ORIGIN = [f"{urlsplit(OIDC_URL).scheme}://{urlsplit(OIDC_URL).netloc}"] if OIDC_URL else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # marks within Tabler's style sheet, the code of an authenticator app
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, *_OIDC_ORIGIN],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
CSRF_FAILURE_VIEW = "daliz.doors.pages.troubles.forged"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

SESSION_COOKIE_AGE = environment.whole("DALIZ_SESSION_HOURS") * 3600
SESSION_IDLE_SECONDS = environment.whole("DALIZ_SESSION_IDLE_MINUTES") * 60

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "begin"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
ACCOUNT_ADAPTER = "daliz.doors.pages.accounts.Accounts"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# Wrong passwords are counted by axes and ``doors.pages.addresses``, in the database. Each process for itself
# counts requests to log in, and wrong codes of a second factor.
ACCOUNT_RATE_LIMITS = {"login": "600/m/ip", "login_failed": "10/5m/key"}
ACCOUNT_SESSION_REMEMBER = True  # how long a session lasts is said above, for all
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
MFA_ADAPTER = "daliz.doors.pages.accounts.SecondFactors"
MFA_FORMS = {
    "add_webauthn": "daliz.doors.pages.keys.AddKey",
    "edit_webauthn": "daliz.doors.pages.keys.RenameKey",
}
MFA_TOTP_TOLERANCE = 1  # steps of half a minute
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
SOCIALACCOUNT_ADAPTER = "daliz.doors.pages.outer.OuterLogin"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_PROVIDERS: dict[str, object] = {
    "openid_connect": {
        "provider_class": "daliz.doors.pages.outer.Outer",
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "outer",
                "name": OIDC_NAME,
                "client_id": environment.text("DALIZ_OIDC_CLIENT"),
                "secret": environment.text("DALIZ_OIDC_SECRET"),
                "settings": {"server_url": OIDC_URL},
            }
        ]
        if OIDC_URL
        else [],
    }
}
AXES_FAILURE_LIMIT = environment.whole("DALIZ_LOGIN_FAILURES")
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "daliz.doors.pages.troubles.locked"
AXES_CLIENT_IP_CALLABLE = "daliz.doors.pages.addresses.address_of"
ADDRESS_FAILURES = environment.whole("DALIZ_ADDRESS_FAILURES")
AXES_USERNAME_CALLABLE = "daliz.doors.pages.addresses.login_of"
AXES_USERNAME_FORM_FIELD = "username"  # as allauth names it to the backends
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True  # who came stands in the journal

LOGGING = logging_settings(as_json=environment.text("DALIZ_LOGS") != "text")
METRICS_TOKEN = environment.text("DALIZ_METRICS_TOKEN")

PACK = environment.text("DALIZ_PACK")
OVERLAY = environment.text("DALIZ_OVERLAY")
NIGHTS = environment.flag("DALIZ_NIGHTS")
DRAW_KEY = environment.text("DALIZ_DRAW_KEY")
MODELS = Path(environment.text("DALIZ_MODELS") or HOME / "models").resolve()
MODEL_KEY = environment.text("DALIZ_MODEL_KEY")
MONTHS = Path(environment.text("DALIZ_MONTHS")).resolve() if environment.text("DALIZ_MONTHS") else None

FILES = HOME / "files"
FILE_MOST_BYTES = environment.whole("DALIZ_FILE_MOST_MB") * 2**20
VIRUS_SCAN = environment.text("DALIZ_VIRUS_SCAN")
WEBHOOK_PRIVATE = environment.flag("DALIZ_WEBHOOK_PRIVATE")
MAIL = environment.mail(environment.text("DALIZ_MAIL"))
BY_MAIL = bool(MAIL)
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
DEFAULT_FROM_EMAIL = environment.text("DALIZ_MAIL_FROM")
globals().update(MAIL)
