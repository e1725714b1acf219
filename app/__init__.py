"""Heed: what the business does about what its customers say, and the doors people come in by."""

from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from app.extensions import Clock
    from config import Config


def create_app(config: "Config | None" = None, *, clock: "Clock | None" = None) -> Flask:
    """The application, wired here and nowhere else. `clock` lets a story set the time."""
    import config as configuration
    from app import (
        access,
        api,
        auth,
        cli,
        console,
        errors,
        extensions,
        health,
        i18n,
        logs,
        public,
        simulator,
        tasks,
        webhooks,
    )
    from app.privacy import models  # noqa: F401  a table nobody has imported yet is one that migrations would drop
    from surveys.invitations import queries, tokens
    from surveys.people.queries import holds_demo_people

    config = config or configuration.load()
    logs.init_app(config)
    app = Flask(__name__)
    app.config.from_mapping(config.flask())
    app.extensions["heed.config"] = config
    app.extensions["heed.clock"] = clock or extensions.Clock(config.clock_speed)
    app.url_map.converters["int"] = access.RowNumber
    if config.trusted_proxies:  # else anybody could say where they come from
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.trusted_proxies)  # type: ignore[method-assign]
    extensions.init_app(app, config)
    tasks.register(app)
    i18n.init_app(app)
    auth.init_app(app)
    app.extensions["heed.links"] = tokens.resolve_link  # what {link} in a waiting message becomes when it is claimed
    app.extensions["heed.demo_check"] = holds_demo_people
    app.extensions["heed.survey_link"] = queries.open_survey_link  # for the phones on the screen

    access.register(app, health.blueprint, access.anyone)
    access.register(app, public.blueprint, access.anyone)
    access.register(app, webhooks.blueprint, access.carrier)
    access.register(app, api.blueprint, access.api_key)
    access.register(app, api.described, access.anyone)
    access.register(app, auth.blueprint, access.anyone)
    access.register(app, console.blueprint, access.signed_in)
    if not config.production:
        access.register(app, simulator.carrier, access.simulated_carrier)
        access.register(app, simulator.screen, access.may_use_simulator)

    auth.without_csrf(public.blueprint, webhooks.blueprint, api.blueprint, simulator.carrier)
    errors.init_app(app)
    cli.init_app(app)
    return app
