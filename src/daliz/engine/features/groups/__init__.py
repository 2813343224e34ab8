"""The definitions: for each group of names, the SQL that computes them from the common inputs."""
