"""How fast and how heavy the product is, in a real Home Assistant process."""
