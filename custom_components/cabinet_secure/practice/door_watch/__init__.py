"""Doors that stand open for too long, as their contacts tell.

`course` says so for doors of any equipment, and again when the practice closes.
"""
