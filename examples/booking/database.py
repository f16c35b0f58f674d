"""Tables, and the connection to the database."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker

from . import settings

engine = create_engine(settings.DATABASE_URL, pool_pre_ping=True)
Session = sessionmaker(engine)


class Base(DeclarativeBase):
    """The base class of all tables."""


class Room(Base):
    """A room that can be booked."""

    __tablename__ = "rooms"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    hourly_price: Mapped[int | None] = mapped_column()


class Booking(Base):
    """A room and the hours for which a band has it."""

    __tablename__ = "bookings"

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"), index=True)
    band_id: Mapped[int] = mapped_column(ForeignKey("bands.id"))
    starts_at: Mapped[datetime] = mapped_column(index=True)
    hours: Mapped[int] = mapped_column(default=1)
    total_price: Mapped[int | None] = mapped_column()
    paid_at: Mapped[datetime | None] = mapped_column()


class Band(Base):
    """Those who book."""

    __tablename__ = "bands"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(200), unique=True)
    city: Mapped[str] = mapped_column(String(80))
    agreement_id: Mapped[str | None] = mapped_column(String(36))
