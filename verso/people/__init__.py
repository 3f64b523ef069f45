"""People: accounts, signed-in browsers, permissions and links that work once."""
