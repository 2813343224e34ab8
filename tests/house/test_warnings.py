"""A warning is an error: what a library will break tomorrow fails today."""

import warnings

import pytest


@pytest.mark.parametrize("kind", [UserWarning, DeprecationWarning, ResourceWarning, FutureWarning])
def test_a_warning_stops_a_test(kind: type[Warning]) -> None:
    with pytest.raises(kind, match="about to break"):
        warnings.warn("about to break", kind, stacklevel=1)
