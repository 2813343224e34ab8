"""Send a file back: always to be saved, never shown, whatever it holds."""

from django.http import FileResponse, Http404

from daliz.ground.files.actions import path_of
from daliz.ground.files.kinds import Kind
from daliz.ground.files.models import Upload


def as_download(upload: Upload) -> FileResponse:
    """Return an upload as a download that no browser runs or renders; whoever calls checked the right to it.

    Raises:
        Http404: the bytes are not there.
    """
    try:
        file = path_of(upload.file_id).open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    reply = FileResponse(
        file, as_attachment=True, filename=upload.name, content_type=Kind(upload.file.kind).media_type
    )
    reply["X-Content-Type-Options"] = "nosniff"
    reply["Content-Security-Policy"] = "sandbox; default-src 'none'"
    reply["Cross-Origin-Resource-Policy"] = "same-origin"
    reply["Cache-Control"] = "private, no-store"
    return reply
