"""Steps that change the tables."""
