"""People: who they are, what they may do and where, and what needs two of them."""
