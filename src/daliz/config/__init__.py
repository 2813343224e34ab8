"""Settings, addresses and entry points of the server. They come with the live system."""
