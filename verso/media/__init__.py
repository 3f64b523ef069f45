"""Media: files that documents show, stored by digest, and SVG made harmless."""
