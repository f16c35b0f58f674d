"""Takes rooms, and gives them back."""

from datetime import UTC, datetime, timedelta

from redis.asyncio import Redis

from .database import Band, Booking, Session
from .notifications import on_booked

redis = Redis()


async def hold_room(room_id: int, band_id: int, starts_at: datetime, hours: int) -> int:
    """Book a room that nobody else is about to book."""
    if starts_at > datetime.now(UTC) + timedelta(days=90):
        raise ValueError("a booking cannot be more than 90 days ahead")
    lock = redis.lock(f"room:{room_id}", timeout=30)
    if not await lock.acquire():
        raise RuntimeError("somebody else is booking this room")
    booking = Booking(room_id=room_id, band_id=band_id, starts_at=starts_at, hours=hours)
    with Session.begin() as session:
        session.add(booking)
    await lock.release()
    return booking.id


async def confirm_booking(booking_id: int) -> None:
    """Mark a booking as paid."""
    with Session.begin() as session:
        booking = session.get_one(Booking, booking_id)
        band = session.get_one(Band, booking.band_id)
        booking.paid_at = datetime.now(UTC)
    await on_booked(band.email, f"room {booking.room_id}")


def expires_at(created_at: datetime, paid: bool) -> float:
    """Return the second at which a booking is forgotten."""
    # TODO: ask the owner whether a week is enough
    return created_at.timestamp() + (2 * 365 * 24 * 60 * 60 if paid else 7 * 24 * 60 * 60)
