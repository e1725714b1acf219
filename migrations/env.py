"""Alembic's entry: runs the migrations on the application's own database."""

from alembic import context
from flask import current_app

database = current_app.extensions["migrate"].db
options = current_app.extensions["migrate"].configure_args

with database.engine.connect() as connection:
    if connection.dialect.name == "sqlite":
        # Batch mode rebuilds tables; with foreign keys on, dropping the old one would delete what points at it.
        connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
    context.configure(connection=connection, target_metadata=database.metadata, **options)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
    if connection.dialect.name == "sqlite":
        connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=ON")
