"""Files that people hand in: kept by what they hold, outside the web root, never run, never shown inline."""
