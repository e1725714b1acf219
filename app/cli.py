"""`flask --app wsgi <command>`: each command is a door, loaded when it is called: the web path stays light."""

from importlib import import_module

import click
from flask import Flask
from flask.cli import AppGroup

COMMANDS = {
    "create-user": "app.auth.commands:create_user",
    "create-api-key": "app.auth.commands:create_api_key",
    "import-customers": "app.cli_imports:import_customers",
    "import-transactions": "app.cli_imports:import_transactions",
    "import-events": "app.cli_imports:import_events",
    "import-places": "app.cli_places:import_places",
    "import-staff": "app.cli_places:import_staff",
    "seed-demo": "app.cli_demo:seed_demo",
    "simulate": "app.cli_demo:simulate",
    "score": "app.cli_scoring:score",
    "emerging-themes": "app.cli_scoring:emerging_themes",
    "redact-again": "app.cli_scoring:redact_again",
    "rescore": "app.cli_scoring:rescore",
    "accuracy": "app.cli_scoring:accuracy",
    "explain": "app.cli_reports:explain",
    "weekly-report": "app.cli_reports:weekly_report",
    "export-customer": "app.cli_people:export_customer",
    "erase-customer": "app.cli_people:erase_customer",
    "export-consents": "app.cli_people:export_consents",
    "serve": "app.serve:serve",
}


class Commands(AppGroup):
    """Finds a command by its name and imports its module then."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *COMMANDS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


def init_app(app: Flask) -> None:
    """Puts our commands beside Flask's."""
    commands = Commands(name=app.name)
    commands.commands = dict(app.cli.commands)
    app.cli = commands
