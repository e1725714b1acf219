"""`flask --app wsgi ...`, `celery -A wsgi:celery ...` and every WSGI server start here; no thread starts on import."""

import gc

from app import create_app

app = create_app()
celery = app.extensions["celery"]
gc.collect()
gc.freeze()  # what stands now stays: no request need wait while the collector walks through it
