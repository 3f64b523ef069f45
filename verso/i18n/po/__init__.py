"""Gettext `.po` files: read fast, salvaged when broken, edited without loss."""
