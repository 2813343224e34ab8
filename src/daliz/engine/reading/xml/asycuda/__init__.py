"""ASYCUDA World's Single Administrative Document as XML, as its client exports and imports it.

A document has the root ``ASYCUDA``, alone or within an envelope. What is not filled is empty or holds
``<null/>``. Elements are found whatever their letters' case, and with the three p of
``Suppplementary_unit_code`` as well as with two, as both are written.

Sources:
    UNCTAD, ASYCUDA World, "Single Administrative Document (SAD) – XML message description" (also in Dutch,
    "XML formaat bij aangiften", 2011); exports and templates of the customs of Albania, Côte d'Ivoire,
    Jamaica, Sri Lanka and Zimbabwe in public repositories, for how values are written (dates as
    ``10/25/16``, amounts as ``2949620.0``, rates as fraction or percent); Regulation (EEC) 2454/93,
    annexes 37 and 38, for the boxes of the form.
"""

from daliz.engine.reading.xml.asycuda.declaration import declarations
from daliz.engine.reading.xml.asycuda.documents import NAME, recognises

__all__ = ["NAME", "declarations", "recognises"]
