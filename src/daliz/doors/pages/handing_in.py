"""Files that a form brings: taken in one by one, each by whoever sent it."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from daliz.doors.pages.access import instant
from daliz.ground.files.actions import take_in
from daliz.ground.files.models import Upload
from daliz.ground.staff.actor import Actor


class ManyFiles(forms.ClearableFileInput):
    """Chooses as many files as one likes."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """As many files as one likes, none among them."""

    def clean(self, data: Any, initial: Any = None) -> list["UploadedFile[bytes]"]:
        """Return the files that were sent."""
        return [super(FilesField, self).clean(one, initial) for one in data or ()]


def handed_in(request: HttpRequest, name: str, actor: Actor, *, most: int) -> list[Upload]:
    """Take in what a form brings under ``name``: up to ``most`` and one more, so that too many are noticed.

    Raises:
        FileRefusedError: a file is not taken.
        ScanError: the virus scan did not answer.
    """
    return [
        take_in(
            parts=one.chunks(), name=one.name or "file", organisation=actor.organisation,
            user_id=actor.person, now=instant(),
        )
        for one in request.FILES.getlist(name)[: most + 1]
    ]  # fmt: skip
