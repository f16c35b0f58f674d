"""What the provider of payments tells us."""

import logging

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from .bookings import confirm_booking

logger = logging.getLogger(__name__)
router = APIRouter()


@router.post("/webhooks/turnstile-payments")
async def payment_webhook(request: Request) -> JSONResponse:
    """Confirm the booking that was paid."""
    event = await request.json()
    if event["type"] != "payment.completed":
        return JSONResponse({"ignored": True})
    booking_id = event["payment"].get("booking_id")
    if not booking_id:
        logger.warning("payment %s belongs to no booking", event["payment"]["id"])
        return JSONResponse({"received": True}, status_code=200)
    await confirm_booking(booking_id)
    return JSONResponse({"received": True})
