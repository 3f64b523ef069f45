"""What a process needs besides the web: threads of its own, garbage collection, an orderly end."""
