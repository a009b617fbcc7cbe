"""Entities of other integrations as equipment."""
