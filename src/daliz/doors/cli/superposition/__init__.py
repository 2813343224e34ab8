"""What ``daliz superpose`` tells: on the screen, for programs, as a page, and as proposals to approve."""
