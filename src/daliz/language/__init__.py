"""Every word a person reads: English source text, its Russian and Kazakh, and errors that carry such text.

This is the lowest layer of the house: it knows nothing of customs and imports nothing of Daliz.
"""

from daliz.language.errors import DalizError, Message
from daliz.language.translation import LANGUAGES, N_, NN_, Text, ntranslate, translate

__all__ = ["LANGUAGES", "NN_", "N_", "DalizError", "Message", "Text", "ntranslate", "translate"]
