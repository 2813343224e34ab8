"""WCO Data Model declarations, versions 3.0 to 3.11, of any administration's profile.

Elements are found by their local names, so that namespaces of versions and profiles
(``urn:wco:datamodel:WCO:DEC:2``, ``urn:wco:datamodel:WCO:DEC-DMS:2``, …) do not matter. What the document
states in the administration's own codes stays in them.

Sources:
    WCO Data Model 3.x, information packages "Declaration" and "Response", with the code lists of UN/EDIFACT
    (1225 function, 1001 document, 2379 date format); HMRC, Customs Declaration Service (CDS) declaration
    completion guides and annotated samples of its profile of version 3.6; Delegated Regulation (EU)
    2015/2446, annex B, for the data elements (DE) and their codes.
"""

from daliz.engine.reading.xml.wco.declaration import declarations
from daliz.engine.reading.xml.wco.documents import NAME, recognises

__all__ = ["NAME", "declarations", "recognises"]
