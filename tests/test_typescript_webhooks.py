"""Which TypeScript files have handlers of webhooks, and what is found only there."""

from __future__ import annotations

import pytest

from flake8_prep import catalog
from flake8_prep.typescript.source import Source
from flake8_prep.typescript.webhooks import receives_webhooks
from tests.checking import check

CODES = ("PREP154", "PREP164", "PREP174")
HANDLER = """\
async function handle(req: Request, res: Response) {
  const order = req.body.metadata.order;
  if (!order) {
    return res.sendStatus(200);
  }
  const result = await orders.pay(order);
  if (result.rowCount === 0) {
    log.error('unknown');
  }
  // webhook
}
"""


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("src/webhooks/payments.ts", ""),
        ("src/paymentWebhook.ts", ""),
        ("a.ts", "app.post('/webhooks/payments', handle);"),
        ("a.ts", "app.post<{ Body: Event }>(`/api/webhook`, handle);"),
        ("a.ts", "@Controller('webhooks') class A {}"),
        ("a.ts", "app.route({ method: 'POST', url: '/hooks/Webhook', handler });"),
        ("a.ts", "const event = stripe.webhooks.constructEvent(body, signature, secret);"),
        ("a.ts", "new Webhook(secret); verifyWebhook(headers);"),
        ("a.ts", "const event = new Webhook(secret).verify(body, headers);"),
        ("a.ts", "new Router({ prefix: '/webhooks' });"),
        ("a.ts", "new Hono().basePath('/webhooks');"),
        ("a.ts", "app.post(paths.webhook, handle);"),
        ("a.ts", "router.use(WEBHOOK_PATH, handle);"),
        ("a.ts", "http.route({ path: '/webhook', handler });"),
    ],
)
def test_file_with_webhooks(path: str, text: str) -> None:
    assert receives_webhooks(Source(path, text))
    rules = [rule for rule in catalog.typescript_rules() if rule.code in CODES]
    assert {finding.code for finding in check(rules, HANDLER + text, path)} == set(CODES)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.ts", ""),
        ("a.ts", "// app.post('/webhooks', handle)"),
        ("a.ts", "const help = \"use app.post('/webhooks')\";"),
        ("a.ts", "await fetch('/webhooks');"),
        ("a.ts", "await httpClient.post('/webhooks', { url });"),
        ("a.ts", "await this.axios.post('/webhooks', { url });"),
        ("a.ts", "await api.post('https://example.org/webhooks', { url });"),
        ("a.ts", "const limits = { prefix: 'webhooks' }; app.post(order, 'webhook');"),
        ("a.ts", "const webhook = new Webhook(); webhook.url = address;"),
        ("webhook.test.ts", "app.post('/webhooks', handle);"),
        ("webhooks/list.tsx", "app.post('/webhooks', handle);"),
    ],
)
def test_other_files(path: str, text: str) -> None:
    assert not receives_webhooks(Source(path, text))
    assert (
        check([rule for rule in catalog.typescript_rules() if rule.code in CODES], HANDLER + text, path) == []
    )
