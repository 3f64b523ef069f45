"""Languages: which one a request is answered in, and the catalogs that translate it."""
