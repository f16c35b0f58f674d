"""See :class:`DirectCloudClient`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_prep.finding import Finding
from flake8_prep.python.context import PythonFile
from flake8_prep.python.rule import PythonRule
from flake8_prep.rule import Severity


class DirectCloudClient(PythonRule):
    """Clients of cloud services that are not made by `acme.cloud`.

    Why is this bad:
        `acme.cloud` sets timeouts, attempts and the region. A client that is made without it waits for a
        minute where ours wait for two seconds.

    Example:
        import boto3

        bucket = boto3.client("s3")

    Use instead:
        from acme import cloud

        bucket = cloud.client("s3")

    Known limits:
        Sessions of `boto3` are not followed to the clients that they make.
    """

    code = "ACME101"
    name = "direct-cloud-client"
    severity = Severity.HIGH
    finding = "6.1"
    message = "{function} makes a client without the timeouts of acme.cloud"
    callees = frozenset({"client", "resource"})

    def visit_Call(self, node: ast.Call, file: PythonFile) -> Iterator[Finding]:
        """Report calls of `boto3.client` and `boto3.resource`, however they were imported."""
        function = file.qualified_name(node.func)
        if function in {"boto3.client", "boto3.resource"}:
            yield self.at(node, function=function)
