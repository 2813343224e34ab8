"""Goods declarations of the Eurasian Economic Union: ``ESADout_CU`` of the albums 5.10 to 5.24.

Elements are known by their local names: prefixes and versions of namespaces differ from album to album, and
so do a few names, all of which are understood. Misspelt names (``ESADout_CUConsigment``, ``PakageQuantity``)
are the contract and stand here as they stand there.

Sources:
    Decision of the Commission of the Customs Union No 257 of 20 May 2010 (what each box of a declaration
    holds); Decision of the Board of the EEC No 2 of 16 January 2018 (its electronic form).
"""

from daliz.engine.reading.xml.eaeu.document import NAME, declarations, recognises

__all__ = ["NAME", "declarations", "recognises"]
