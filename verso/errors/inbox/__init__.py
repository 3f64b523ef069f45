"""The inbox: failures in the database, in groups that people look at, resolve and mute."""
