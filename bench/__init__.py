"""Measurements. Nothing imports this package; every figure in the documents comes from it."""
