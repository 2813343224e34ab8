"""Keep the secrets of webhooks sealed: whoever reads the database alone cannot sign with them.

The key is derived from the secret key of the installation, which is not in the database and not in backups.
Where that was changed, what older keys sealed is opened with these until it is sealed anew.
"""

from base64 import urlsafe_b64encode
from typing import ClassVar, Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction

from daliz.ground.outbox.models import Subscription
from daliz.language import N_, DalizError

_FOR: Final = b"daliz: secrets of webhooks"


class SealError(DalizError):
    """A sealed secret cannot be opened."""

    code: ClassVar[str] = "webhook-seal"


def sealed(secret: str) -> str:
    """Return a secret sealed with the newest key."""
    return _keys().encrypt(secret.encode()).decode("ascii")


def opened(seal: str) -> str:
    """Return the secret that is sealed.

    Raises:
        SealError: no key that is known sealed it.
    """
    try:
        return _keys().decrypt(seal.encode()).decode()
    except InvalidToken as error:
        raise SealError(
            N_("the secret cannot be opened: name the key that sealed it in DALIZ_SECRET_KEYS_BEFORE")
        ) from error


@transaction.atomic
def seal_anew() -> int:
    """Seal with the newest key what older ones sealed; return how many secrets."""
    newest = Fernet(_key(settings.SECRET_KEY))
    done = 0
    for row in Subscription.objects.select_for_update().exclude(secret="").order_by("id"):
        try:
            newest.decrypt(row.secret.encode())
        except InvalidToken:
            row.secret = sealed(opened(row.secret))
            row.save(update_fields=["secret"])
            done += 1
    return done


def _keys() -> MultiFernet:
    known = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(one)) for one in known])


def _key(secret: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_FOR).derive(secret.encode())
    return urlsafe_b64encode(derived)
