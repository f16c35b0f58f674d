import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';

import type { Calendar } from './calendar';
import { logger } from './logger';

export interface Wish {
  roomId: number;
  bandId: number;
  from: Date;
  to: Date;
}

export class BookingService {
  constructor(
    private readonly pool: Pool,
    private readonly calendar: Calendar,
  ) {}

  /** Books a room; nobody else can book it in the meantime. */
  async bookRoom(wish: Wish): Promise<string> {
    if (wish.to.getTime() - wish.from.getTime() > 14 * 24 * 60 * 60 * 1000) {
      throw new RangeError('a booking must not be longer than 14 days');
    }
    const bookingId = randomUUID();
    if (!(await this.calendar.acquireRoomLock(wish.roomId, wish.from, bookingId))) {
      throw new Error('somebody else is booking this room');
    }
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      await client.query(
        'INSERT INTO bookings (id, room_id, band_id, starts_at, ends_at) VALUES ($1, $2, $3, $4, $5)',
        [bookingId, wish.roomId, wish.bandId, wish.from, wish.to],
      );
      await client.query('COMMIT');
      return bookingId;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {});
      logger.error('booking failed', error);
      throw error;
    } finally {
      client.release();
    }
  }

  async cancel(bookingId: string, reason: string): Promise<void> {
    await this.pool.query('UPDATE bookings SET cancelled_at = now() WHERE id = $1', [bookingId]);
    await this.pool.query('INSERT INTO cancellations (booking_id, reason) VALUES ($1, $2)', [bookingId, reason]);
  }
}
