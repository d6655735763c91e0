import { openTestDatabase } from '@souk/db/testing';
import { type SiteId, id } from '@souk/domain/shared';
import { expect, test, vi } from 'vitest';
import { liveEvents } from './live-events.ts';

const SITE = id<SiteId>('01930000-0000-7000-8000-000000000001');

test('E09 · a stream whose door has closed ends within ten seconds, though nothing happens; the others hear that it lives', async () => {
  const db = await openTestDatabase({ poolSize: 1 });
  vi.useFakeTimers();
  try {
    const live = liveEvents(db.database, () => new Date());
    const heard: string[] = [];
    const listener = (name: string, may: () => boolean) =>
      live.subscribe(SITE, {
        mayStill: () => Promise.resolve(may()),
        send: ({ kind }) => heard.push(`${name} ${kind}`),
        end: () => heard.push(`${name} ended`),
      });
    let open = true;
    await listener('revoked', () => open);
    const leave = await listener('member', () => true);
    await vi.advanceTimersByTimeAsync(10_000);
    open = false;
    await vi.advanceTimersByTimeAsync(10_000);
    leave();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(heard).toEqual(['revoked still.here', 'member still.here', 'revoked ended', 'member still.here']);
    live.stop();
  } finally {
    vi.useRealTimers();
    await db.close();
  }
});
