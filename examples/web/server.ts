import Fastify, { type FastifyInstance } from 'fastify';

import { config } from './config';
import { bookingsOn, roomById, searchRooms } from './database';
import { logger } from './logger';
import { registerPaymentWebhook } from './payment-webhook';

export async function createServer(): Promise<FastifyInstance> {
  const app = Fastify({ logger: false });

  registerPaymentWebhook(app);

  app.get<{ Params: { id: string } }>('/rooms/:id', async (request, reply) => {
    const room = await roomById(Number(request.params.id));
    if (room == null) {
      return reply.code(404).send({ error: 'there is no such room' });
    }
    return room;
  });

  app.get<{ Querystring: { name: string; order: string } }>('/rooms', async (request) =>
    searchRooms(request.query.name, request.query.order),
  );

  app.get<{ Params: { day: string } }>('/bookings/:day', async (request) => bookingsOn(request.params.day));

  return app;
}

createServer().then((app) => app.listen({ port: config.port }).then(() => logger.info('listening', config.port)));
