"""Doors that stand open for too long."""
