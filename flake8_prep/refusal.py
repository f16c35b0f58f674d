"""What ends a command without a result."""

from __future__ import annotations


class Refusal(Exception):
    """Why something cannot be done, and what to do about it, in one line for users."""
