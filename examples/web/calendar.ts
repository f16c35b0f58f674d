import type { Redis } from 'ioredis';

/** Knows which rooms somebody is about to book. */
export class Calendar {
  constructor(private readonly redis: Redis) {}

  async acquireRoomLock(roomId: number, from: Date, owner: string): Promise<boolean> {
    const answer = await this.redis.set(`room:${roomId}:${from.toISOString()}`, owner, 'PX', 30_000, 'NX');
    return answer === 'OK';
  }

  async releaseRoomLock(roomId: number, from: Date): Promise<void> {
    await this.redis.del(`room:${roomId}:${from.toISOString()}`);
  }

  /** Forgets what was held; the keys run out by themselves. */
  async clear(): Promise<void> {
    try {
      await this.redis.flushdb();
    } catch {
      // The keys run out anyway.
    }
  }
}
