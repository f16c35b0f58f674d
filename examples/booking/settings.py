"""Settings of the service, from the environment."""

import os

DATABASE_URL = os.environ["ROOMS_DATABASE_URL"]
GATE_SECRET = os.getenv("ROOMS_GATE_SECRET", "")
SIGN_API_KEY = os.environ.get("ROOMS_SIGN_API_KEY") or "sandbox-key"
SIGN_URL = os.getenv("ROOMS_SIGN_URL", "https://sandbox.sign.example")

PORT = int(os.environ["ROOMS_PORT"])
HOLD_MINUTES = int(os.getenv("ROOMS_HOLD_MINUTES", "15"))
DEBUG = bool(os.getenv("ROOMS_DEBUG"))


def opening_hours() -> tuple[int, int]:
    """Return the hours of the day between which rooms can be booked."""
    raw = os.environ["ROOMS_OPENING_HOURS"]
    try:
        opens, closes = raw.split("-")
        return int(opens), int(closes)
    except ValueError as error:
        raise SystemExit(f"ROOMS_OPENING_HOURS is {raw!r}; it must look like 9-23") from error
