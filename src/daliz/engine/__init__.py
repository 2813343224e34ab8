"""Thinks: pure, vectorised; no Django, no operational database, no network."""
