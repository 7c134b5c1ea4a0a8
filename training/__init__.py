"""How the shipped model weights were made. Nothing imports this package but the measurements."""
