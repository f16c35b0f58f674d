import type { FastifyInstance } from 'fastify';

import { pool } from './database';
import { logger } from './logger';

interface PaymentEvent {
  type: string;
  payment: { id: string; metadata: Record<string, string> };
}

export function registerPaymentWebhook(app: FastifyInstance): void {
  app.post<{ Body: PaymentEvent }>('/webhooks/turnstile-payouts', async (request, reply) => {
    const { type, payment } = request.body;
    if (type !== 'payment.completed') {
      return reply.code(200).send({ ignored: true });
    }
    const bookingId = payment.metadata.booking_id;
    if (!bookingId) {
      logger.warn('payment belongs to no booking', payment.id);
      return reply.code(200).send({ received: true });
    }
    const updated = await pool.query('UPDATE bookings SET paid_at = now() WHERE id = $1', [bookingId]);
    if (updated.rowCount === 0) {
      logger.error('payment for an unknown booking', bookingId);
    }
    // TODO: tell the owner of the room
    return reply.code(200).send({ received: true });
  });
}
