"""Assessment live: what is in force, what history answers, what was decided and why."""
