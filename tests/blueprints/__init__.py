"""Tests of the blueprints, and of what copies them to where automations find them."""
