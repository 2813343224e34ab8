"""Reading: files of any layout become canonical tables; what is broken is kept out whole and told."""

from daliz.engine.reading.errors import ReadingError
from daliz.engine.reading.mapping import SourceMapping, load_mapping, parse_mapping, shipped_mapping
from daliz.engine.reading.read import read
from daliz.engine.reading.result import ReadingResult, SourceCount
from daliz.engine.reading.walking import Form, sources_of

__all__ = [
    "Form",
    "ReadingError",
    "ReadingResult",
    "SourceCount",
    "SourceMapping",
    "load_mapping",
    "parse_mapping",
    "read",
    "shipped_mapping",
    "sources_of",
]
