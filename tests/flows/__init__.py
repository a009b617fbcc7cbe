"""The flows: every step, its errors, and the way out of them."""
