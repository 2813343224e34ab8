"""What a password must be, said in the language of whoever chooses one."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import get_language

from daliz.language import N_, translate


class LongEnough(MinimumLengthValidator):
    """Refuses a short password in our words: Django's cannot be said in Kazakh.

    Example:
        >>> LongEnough(min_length=12).get_error_message()
        'This password has fewer characters than 12.'
    """

    def get_error_message(self) -> str:
        """Return why a password is refused."""
        words = N_("This password has fewer characters than {n}.")
        return translate(words, (get_language() or "en")[:2], n=self.min_length)

    def get_help_text(self) -> str:
        """Return what a password must be."""
        words = N_("At least {n} characters.")
        return translate(words, (get_language() or "en")[:2], n=self.min_length)
