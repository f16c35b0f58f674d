"""Asks the calendar of the house when rooms are free."""

import httpx

from . import settings


def busy_hours(room_id: int, day: str) -> set[int]:
    """Return the hours of a day at which a room is taken."""
    client = httpx.Client(base_url="http://calendar.rooms.example", timeout=5)
    answer = client.get(f"/rooms/{room_id}/{day}")
    answer.raise_for_status()
    return {int(hour) for hour in answer.json()["busy"]}


def free_hours(room_id: int, day: str) -> list[int]:
    """Return the hours of a day at which a room can be booked."""
    opens, closes = settings.opening_hours()
    busy = busy_hours(room_id, day)
    return [hour for hour in range(opens, closes) if hour not in busy]
