"""Sirens: why each one sounds, for how long it may, and whether it obeyed."""
