import { writeFile } from 'node:fs/promises';
import type { Pool } from 'pg';

import { logger } from './logger';

interface Share {
  ownerId: number;
  cents: number;
  bookings: string[];
}

/** Pays the owners of the rooms, every Monday. */
export class PayoutJob {
  constructor(private readonly db: Pool) {}

  async run(): Promise<number> {
    const earned = await this.db.query(
      `SELECT b.id, b.price_cents, r.owner_id
         FROM bookings b JOIN rooms r ON r.id = b.room_id
        WHERE b.paid_at IS NOT NULL AND b.payout_id IS NULL`,
    );
    const shares = this.shares(earned.rows);
    for (const share of shares) {
      await this.db.query('INSERT INTO payouts (owner_id, cents) VALUES ($1, $2)', [share.ownerId, share.cents]);
    }
    await writeFile('/tmp/payouts.csv', shares.map((share) => `${share.ownerId};${share.cents}`).join('\n'));
    logger.info('payouts are done', shares.length);
    return shares.length;
  }

  private shares(rows: any[]): Share[] {
    const shares = new Map<number, Share>();
    for (const row of rows) {
      const share: Share = shares.get(row.owner_id) ?? { ownerId: row.owner_id, cents: 0, bookings: [] };
      share.cents += row.price_cents || 0;
      share.bookings.push(row.id);
      shares.set(row.owner_id, share);
    }
    return [...shares.values()];
  }
}
