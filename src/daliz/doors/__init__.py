"""Talks: every way in and out, each on its own."""
