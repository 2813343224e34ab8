"""PostgreSQL as Django speaks with it, but for how a connection is known to live."""
