"""Settings, addresses and entry points of the server. See ``environment.SETTINGS`` for every variable."""
