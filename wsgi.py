"""The WSGI entry: `granian --interface wsgi wsgi:app`."""

from verso.app import create_served_app

app = create_served_app()
