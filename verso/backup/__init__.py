"""Backup and restore: one file with all of a site, proven by restoring it, and the way back."""


class BackupError(Exception):
    """A backup or a restore cannot be made; the message names the file, the reason and the way out."""
