"""What leaves, written in the transaction that caused it: in the portal once, outside at least once."""
