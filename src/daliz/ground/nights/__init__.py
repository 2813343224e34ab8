"""Nights: jobs that are done once for each day, in order, by one process at a time, each a row to look at."""
