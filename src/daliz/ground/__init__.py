"""Carries, without customs words: staff, journal, outbox."""
