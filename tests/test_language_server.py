"""An editor's view through python-lsp-server, over its protocol; run by ``tox -e compat``."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from tests.pages import blocks

pytestmark = pytest.mark.compat

(SETTINGS,) = (settings for block in blocks("json") if "pylsp" in (settings := json.loads(block.text)))


class Server:
    """A language server, and what an editor says to it."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._input: IO[bytes] = process.stdin
        self._output: IO[bytes] = process.stdout
        self._folder = folder

    def send(self, method: str, parameters: object, identity: int | None = None) -> None:
        """Send a notification, or a request where there is an `identity`."""
        message = {"jsonrpc": "2.0", "method": method, "params": parameters}
        if identity is not None:
            message["id"] = identity
        body = json.dumps(message).encode()
        self._input.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._input.flush()

    def receive(self) -> dict[str, Any]:
        """Return the next message of the server."""
        length = 0
        while header := self._output.readline().strip():
            name, _, value = header.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        assert length, "the server has ended"
        message: dict[str, Any] = json.loads(self._output.read(length))
        return message

    def diagnostics(self, name: str, language: str, text: str) -> list[tuple[int, int, str]]:
        """Open a document and return the line, the column (both from 0) and the code of each finding."""
        uri = (self._folder / name).as_uri()
        document = {"uri": uri, "languageId": language, "version": 1, "text": text}
        self.send("textDocument/didOpen", {"textDocument": document})
        while True:
            message = self.receive()
            if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri:
                return [
                    (each["range"]["start"]["line"], each["range"]["start"]["character"], each["code"])
                    for each in message["params"]["diagnostics"]
                ]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server that has been told of a folder and of the settings."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pylsp"],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        server = Server(process, tmp_path)
        root: dict[str, object] = {"processId": None, "rootUri": tmp_path.as_uri(), "capabilities": {}}
        server.send("initialize", root, identity=1)
        while server.receive().get("id") != 1:
            pass
        server.send("initialized", {})
        server.send("workspace/didChangeConfiguration", {"settings": SETTINGS})
        yield server
    finally:
        process.kill()
        process.communicate()


def test_python(server: Server) -> None:
    text = "import os\n\nKEY = os.getenv('API_KEY', '')\n"
    assert server.diagnostics("key.py", "python", text) == [(2, 6, "PREP107")]
    assert server.diagnostics("clean.py", "python", "X = 1\n") == []


def test_what_is_not_saved_yet_is_checked(server: Server, tmp_path: Path) -> None:
    (tmp_path / "key.py").write_text("X = 1\n")
    text = "import os\n\nKEY = os.getenv('API_KEY', '')\n"
    assert server.diagnostics("key.py", "python", text) == [(2, 6, "PREP107")]


def test_typescript(server: Server) -> None:
    assert server.diagnostics("a.ts", "typescript", "let value: any;\n") == [(0, 11, "PREP251")]
    assert server.diagnostics("clean.tsx", "typescriptreact", "let value: string;\n") == []


def test_configuration_of_the_project(server: Server, tmp_path: Path) -> None:
    (tmp_path / "setup.cfg").write_text("[flake8]\nprep-enable = PREP106\nprep-ignore = PREP107\n")
    text = "import os\n\nprint(os.getenv('API_KEY', ''))\n"
    assert server.diagnostics("key.py", "python", text) == [(2, 0, "PREP106")]
