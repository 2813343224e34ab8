"""Control: opened by a decision, distributed, carried out, concluded; and what release asks besides."""
