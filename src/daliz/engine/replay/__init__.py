"""A strategy put to the test of a known border, day by day."""
