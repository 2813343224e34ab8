"""The journal: who did what, when, on which version and why; append-only, chained by a sealer."""
