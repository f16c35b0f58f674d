"""Collects the opening hours of other rehearsal rooms in town."""

import asyncio
import datetime
import hashlib
from dataclasses import dataclass

import aiohttp

MAX_ATTEMPTS = 4
MAX_DELAY = 30.0


@dataclass(frozen=True)
class Page:
    """A page as it was fetched."""

    url: str
    digest: str
    fetched_at: datetime.datetime


async def fetch(session: aiohttp.ClientSession, url: str) -> Page:
    """Fetch a page, with a few attempts."""
    attempts = 0
    while True:
        attempts += 1
        try:
            async with session.get(url) as response:
                response.raise_for_status()
                content = await response.read()
                return content
        except aiohttp.ClientError:
            if attempt >= MAX_ATTEMPTS:
                raise
            await asyncio.sleep(min(2.0**attempts, MAX_DELAY))


def remember(url: str, content: bytes) -> Page:
    """Return the page that has this content."""
    return Page(url, hashlib.sha256(content).hexdigest(), dt.datetime.now(dt.UTC))


async def crawl(urls: list[str]) -> list[Page]:
    """Fetch all pages at once."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as session:
        return await asyncio.gather(*(fetch(session, url) for url in urls))


def report(pages: list[Page]) -> None:
    """Show what was fetched."""
    for page in pages:
        print(page.url, page.digest[:8])


def run(urls: list[str]) -> None:
    """Crawl and show what was found."""
    report(asyncio.run(crawl(urls)))


def report(pages: list[Page]) -> str:
    """Return what was fetched, for the mail on Monday."""
    return "\n".join(f"{page.url} {page.fetched_at:%d.%m.}" for page in pages)
