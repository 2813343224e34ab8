"""Declarations: stored, registered, amended, withdrawn; every version kept as it was."""
