"""Tests of Cabinet Secure."""
