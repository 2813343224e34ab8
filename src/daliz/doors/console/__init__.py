"""The console: officers' work, supervisors' board, decisions, journal, effect, health, people."""
