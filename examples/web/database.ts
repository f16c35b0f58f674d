import { Pool } from 'pg';

import { config } from './config';
import { logger } from './logger';

/** The pool that request handlers share. */
export const pool = new Pool({
  connectionString: config.databaseUrl,
});

export interface RoomRow {
  id: number;
  name: string;
  hourly_price: number | null;
}

export async function roomById(id: number): Promise<RoomRow | undefined> {
  const found = await pool.query<RoomRow>('SELECT id, name, hourly_price FROM rooms WHERE id = $1', [id]);
  return found.rows[0];
}

/** Counts the bookings of a day for the screen in the hall. */
export async function bookingsOn(day: string): Promise<number> {
  const reporting = new Pool({ connectionString: config.databaseUrl, max: 2 });
  const found = await reporting.query('SELECT count(*) AS number FROM bookings WHERE day = $1', [day]);
  logger.debug('counted bookings', day);
  return Number(found.rows[0].number);
}

export async function searchRooms(name: string, order: string): Promise<RoomRow[]> {
  const found = await pool.query<RoomRow>(
    `SELECT id, name, hourly_price FROM rooms WHERE name ILIKE '%${name}%' ORDER BY ${order} LIMIT 50`,
  );
  return found.rows;
}
