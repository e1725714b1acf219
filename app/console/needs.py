"""What a view of the console asks of the person: a permission, and from then on their scope in `g.scope`."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import abort, g
from flask_login import current_user

from app.auth.roles import Permission, scope

View = TypeVar("View", bound=Callable[..., Any])


def needs(*any_of: Permission) -> Callable[[View], View]:
    """Lets in who holds one of these permissions, none meaning everybody with an account; for others it is a 404.

    `view.needs` states it, so that a test can see that every view does.
    """

    def around(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            g.scope = scope(current_user)
            if any_of and not any(g.scope.may(permission) for permission in any_of):
                abort(404)
            return view(*args, **kwargs)

        guarded.needs = any_of  # type: ignore[attr-defined]
        return cast(View, guarded)

    return around
