"""The service itself."""

from fastapi import FastAPI, HTTPException

from . import webhooks
from .audit import audit_requests
from .availability import free_hours
from .database import Room, Session

app = FastAPI(title="Rehearsal rooms")
app.middleware("http")(audit_requests)
app.include_router(webhooks.router)


@app.get("/rooms/{room_id}")
def room(room_id: int) -> dict[str, object]:
    """Describe a room."""
    with Session() as session:
        found = session.get(Room, room_id)
    if found is None:
        raise HTTPException(404, "there is no such room")
    return {"name": found.name, "hourly_price": found.hourly_price}


@app.get("/rooms/{room_id}/free/{day}")
def free(room_id: int, day: str) -> list[int]:
    """List the hours at which a room is free."""
    return free_hours(room_id, day)
