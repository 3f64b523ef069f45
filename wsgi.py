"""The WSGI entry: `granian --interface wsgi wsgi:app`."""

from verso.app import create_app

app = create_app()
