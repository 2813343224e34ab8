"""What the administration's data say: the country pack in force and the key of the draw."""
