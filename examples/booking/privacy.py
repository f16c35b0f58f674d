"""What we know about a band, for the band."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

EXPORTS = Path("/tmp/rooms-exports")


class Export:
    """The data of one band, checked record by record."""

    def __init__(self, band_id: int) -> None:
        self.band_id = band_id
        self.problems = []

    def check(self, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the records that can be exported."""
        good = []
        for number, record in enumerate(records):
            try:
                record["changed"] = datetime.fromisoformat(record["changed"])
            except Exception:
                self.problems.append(f"record {number} has a bad date")
                continue
            good.append(record)
        return good

    def write(self, records: list[dict[str, Any]]) -> Path | None:
        """Write the file that the band can download."""
        path = EXPORTS / f"{self.band_id}.json"
        try:
            path.write_text(json.dumps(self.check(records), default=str))
        except BaseException:
            path.unlink(missing_ok=True)
            return None
        return path
