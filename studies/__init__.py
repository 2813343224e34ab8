"""Studies that take too long for every day; each says its command, and keeps its results beside it."""
