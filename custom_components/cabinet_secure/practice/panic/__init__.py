"""Panic: somebody calls for help, until a named person takes care and it is reset."""
