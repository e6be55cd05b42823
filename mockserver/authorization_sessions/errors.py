"""Why a page of a sign-in can't be shown."""

from __future__ import annotations

from mockserver.core.errors import ApiError


class BegunElsewhere(ApiError):
    """Also what protects a sign-in from being finished by somebody who only knows its address."""

    status, code = 403, "authorization_session_of_another_browser"
    message = "This sign-in was begun in another browser, or this one keeps no cookies. Begin again from the app."


class FlowFinished(ApiError):
    status, code = 410, "authorization_session_finished"
    message = "This sign-in is finished. To sign in again, begin from the app."


class FlowExpired(ApiError):
    status, code = 410, "authorization_session_expired"
    message = "This sign-in has taken too long. Begin again from the app."
    hint = "the setting lifetimes.authorization_session says how long one may take"


class StepNotDue(ApiError):
    """A page of a step that the sign-in has not come to; the browser is led to the one that is due."""

    status, code = 409, "step_not_due"
    message = "Another step comes first."
