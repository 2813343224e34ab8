"""What ``daliz plan`` tells: on the screen, for programs, as a table, and as a page."""
