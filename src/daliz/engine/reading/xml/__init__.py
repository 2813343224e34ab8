"""XML declarations of the customs unions and systems of the world, taken into the canonical tables."""
