"""What the API does when asked from outside."""
