"""What stops a reading as a whole: nothing could be read, or the mapping is not right."""

from daliz.language import DalizError


class ReadingError(DalizError):
    """A file cannot be read at all, or what tells how to read it is not right."""

    code = "reading-wrong"
