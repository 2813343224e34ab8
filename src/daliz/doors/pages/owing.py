"""What is owed for a release or after it, in words: what remains to be done, and by whom."""

from collections.abc import Mapping
from typing import Final

from daliz.customs.control.models import Obligation
from daliz.language import N_

OWED: Final[Mapping[str, str]] = {
    Obligation.PAYMENT: N_("Payments after correction"),
    Obligation.SECURITY: N_("Security for payments"),
    Obligation.EXAMINATION: N_("Result of the expert examination"),
    Obligation.CONDITION: N_("Conditions of the release"),
}
"""What is owed, by kind."""

REMAINS: Final[Mapping[str, str]] = {
    Obligation.PAYMENT: N_("The declarant pays; it is closed when the payment is reported."),
    Obligation.SECURITY: N_("The declarant gives security; it is closed when that is reported."),
    Obligation.EXAMINATION: N_("The expert answers; the officer of the control states the result."),
    Obligation.CONDITION: N_(
        "The declarant meets the conditions; the officer of the control states whether he did."
    ),
}
"""What remains to be done, and by whom."""
