"""Carry a message by e-mail: plain text, in the language in which it was posted."""

from django.core.mail import EmailMessage

from daliz.ground.outbox.models import Message


def mail(message: Message) -> None:
    """Send a message whose payload holds ``subject`` and ``text``; tried again, it keeps its Message-ID.

    Raises:
        OSError: the mail server did not take it; it will be tried again.
    """
    EmailMessage(
        subject=" ".join(str(message.payload["subject"]).split()),
        body=str(message.payload["text"]),
        to=[message.recipient],
        headers={"Message-ID": f"<{message.id}@daliz>", "Auto-Submitted": "auto-generated"},
    ).send()
