"""Carries, without customs words: staff, journal, outbox. Its rooms come with the live system."""
