"""Remembers and acts: Django rooms in the order of the flow."""
