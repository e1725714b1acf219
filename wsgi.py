"""`flask --app wsgi ...`, `celery -A wsgi:celery ...` and every WSGI server start here; no thread starts on import."""

from app import create_app

app = create_app()
celery = app.extensions["celery"]
