"""Doors that open by themselves."""
