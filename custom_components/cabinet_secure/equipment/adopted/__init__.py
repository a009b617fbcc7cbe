"""Equipment that Home Assistant has already, of whatever brand."""
