"""Equipment, apart from Home Assistant."""
