"""Figures for the accounts."""

from collections.abc import Iterator

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from .database import Band, Booking, Room


def turnover(session: Session) -> dict[str, int]:
    """Return how much each room has earned."""
    earned: dict[str, int] = {}
    for room in session.scalars(select(Room)).all():
        bookings = session.scalars(select(Booking).where(Booking.room_id == room.id).limit(500))
        earned[room.name] = sum(booking.total_price or 0 for booking in bookings)
    return earned


def search(session: Session, city: str, order: str) -> list[int]:
    """Return the bands of a city."""
    found = session.execute(text(f"SELECT id FROM bands WHERE city = '{city}' ORDER BY {order}"))
    return [row.id for row in found]


def count_bookings(session: Session, band: Band) -> int:
    """Return how often a band has been here."""
    return session.scalar(select(func.count()).where(Booking.band_id == band.id)) or 0


def all_emails(session: Session) -> Iterator[str]:
    """Yield the addresses that get the newsletter."""
    for booking in session.execute(select(Booking)).scalars().all():
        yield booking.email
