"""Messages to bands, sent in the background."""

import asyncio
import logging
import smtplib
import time
from email.message import EmailMessage

import httpx

logger = logging.getLogger(__name__)


def deliver(message: EmailMessage) -> None:
    """Hand a message to the mail server, which wants to be asked slowly."""
    time.sleep(0.5)
    with smtplib.SMTP("mail.rooms.example", timeout=10) as server:
        server.send_message(message)


async def confirm(email: str, room: str) -> None:
    """Tell a band that the room is theirs."""
    message = EmailMessage()
    message["To"] = email
    message["Subject"] = f"{room} is yours"
    deliver(message)


async def on_booked(email: str, room: str) -> None:
    """Send what has to be sent after a booking."""
    asyncio.create_task(confirm(email, room))
    logger.info("confirmation for %s is on its way", room)


async def push(payload: dict[str, str]) -> None:
    """Tell the screens in the hall, however long it takes."""
    async with httpx.AsyncClient(timeout=5) as client:
        while True:
            try:
                answer = await client.post("http://screens.rooms.example/show", json=payload)
                answer.raise_for_status()
                return
            except httpx.HTTPError as error:
                logger.warning("the screens do not answer: %s", error)
                await asyncio.sleep(2)
