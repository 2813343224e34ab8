"""Daliz: customs risk management, from a declaration to a corridor and back from findings to rules."""

__version__ = "0.1.0"
