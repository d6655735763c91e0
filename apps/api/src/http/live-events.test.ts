import { openTestDatabase } from '@souk/db/testing';
import type { OpenDoor } from '@souk/db/identity';
import { type SiteId, id } from '@souk/domain/shared';
import { expect, test, vi } from 'vitest';
import { liveEvents } from './live-events.ts';

const SITES = [1, 2].map((n) => id<SiteId>(`01930000-0000-7000-8000-00000000000${n}`));
const OPEN: OpenDoor = { status: 'active', permissions: ['VIEW_ORDERS', 'VIEW_PRODUCTS'] };

test('E09 · a stream whose door has changed ends within a second, though nothing happens; the others hear that it lives', async () => {
  const db = await openTestDatabase({ poolSize: 1 });
  vi.useFakeTimers();
  try {
    const doors = new Map<string, OpenDoor | undefined>();
    let statements = 0;
    const live = liveEvents(
      db.database,
      () => new Date(),
      (_db, asked) => {
        statements += 1;
        return Promise.resolve(asked.map((a) => doors.get(a.sessionId)));
      },
    );
    const heard: string[] = [];
    const stream = (sessionId: string, siteId = SITES[0] ?? expect.fail('no site')) => {
      doors.set(sessionId, OPEN);
      return live.subscribe({
        sessionId,
        siteId,
        opened: OPEN,
        send: ({ kind }) => heard.push(`${sessionId} ${kind}`),
        end: () => heard.push(`${sessionId} ended`),
      });
    };
    await vi.advanceTimersByTimeAsync(10_000);
    expect(statements, 'no stream, no statement').toBe(0);

    await stream('signed out');
    await stream('permission taken');
    await stream('suspended', SITES[1]);
    const leave = await stream('member', SITES[1]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(statements, 'one statement for all streams of all sites').toBeLessThanOrEqual(2);
    expect(heard).toEqual([]);

    doors.set('signed out', undefined);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(heard).toEqual(['signed out ended']);
    doors.set('permission taken', { ...OPEN, permissions: ['VIEW_PRODUCTS'] });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(heard).toEqual(['signed out ended', 'permission taken ended']);
    doors.set('suspended', { ...OPEN, status: 'suspended' });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(heard).toEqual(['signed out ended', 'permission taken ended', 'suspended ended']);

    heard.length = 0;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(heard).toEqual(['member still.here', 'member still.here']);
    leave();
    statements = 0;
    await vi.advanceTimersByTimeAsync(30_000);
    expect([heard.length, statements]).toEqual([2, 0]);
    live.stop();
  } finally {
    vi.useRealTimers();
    await db.close();
  }
});

test('E09 · a door that cannot be asked counts as shut', async () => {
  const db = await openTestDatabase({ poolSize: 1 });
  vi.useFakeTimers();
  try {
    const live = liveEvents(
      db.database,
      () => new Date(),
      () => Promise.reject(new Error('the database is away')),
    );
    const end = vi.fn();
    await live.subscribe({
      sessionId: 'x',
      siteId: SITES[0] ?? expect.fail('no site'),
      opened: OPEN,
      send: () => undefined,
      end,
    });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(end).toHaveBeenCalledTimes(1);
    live.stop();
  } finally {
    vi.useRealTimers();
    await db.close();
  }
});
