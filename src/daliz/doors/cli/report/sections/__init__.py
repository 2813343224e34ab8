"""The sections of the report: each module asks the tables one question and gives typed figures."""
