"""The register: its chain, its writer, its retention."""
