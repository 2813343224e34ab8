"""Learning from the public Korean declarations: goods that were never seen, labels that were chosen."""
