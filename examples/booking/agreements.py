"""Rental agreements, signed at a provider of electronic signatures."""

import time

import requests

from . import settings

FINAL = {"signed", "declined", "expired"}


class AgreementClient:
    """Talks to the provider."""

    def __init__(self, base_url: str = settings.SIGN_URL):
        self.base_url = base_url
        self.sent = {}

    def send(self, email: str, template: str) -> str:
        """Ask somebody to sign, and return the id of the envelope."""
        answer = requests.post(
            f"{self.base_url}/envelopes",
            json={"signer": email, "template": template},
            headers={"Authorization": settings.SIGN_API_KEY},
        )
        answer.raise_for_status()
        envelope_id: str = answer.json()["id"]
        self.sent[envelope_id] = email
        return envelope_id

    def status(self, envelope_id: str) -> str:
        """Return how far an envelope is."""
        answer = requests.get(f"{self.base_url}/envelopes/{envelope_id}", timeout=10)
        answer.raise_for_status()
        return str(answer.json()["status"]).lower()

    def wait(self, envelope_id: str) -> str:
        """Wait until an envelope is signed, declined or expired."""
        pause = 1.0
        while True:
            status = self.status(envelope_id)
            if status in FINAL:
                return status
            time.sleep(pause)
            pause *= 2
