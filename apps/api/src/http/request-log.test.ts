import { expect, test } from 'vitest';
import { requestLog } from './request-log.ts';

const answered = {
  requestId: 'r',
  site: undefined,
  method: 'GET',
  path: '/a"b\n{"level":60}\u0000\u001b[31m',
  status: 200,
  ms: 3,
};

test('H13 · a line of the log is one line and says what was asked, whatever stands in the path', () => {
  const lines: string[] = [];
  const log = requestLog('info', { write: (line) => void lines.push(line) });
  log(answered);
  log({ ...answered, site: 's' });
  expect(lines.map((line) => line.indexOf('\n') === line.length - 1)).toEqual([true, true]);
  const [first, second] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(first).toEqual({
    level: 30,
    time: expect.any(Number),
    requestId: 'r',
    method: 'GET',
    path: answered.path,
    status: 200,
    ms: 3,
    msg: 'request',
  });
  expect(second?.site).toBe('s');
  expect(lines.join('')).not.toContain('\u001b');
});

test('a log that is told to say less says nothing of requests', () => {
  for (const level of ['warn', 'error', 'silent'])
    requestLog(level, { write: () => expect.fail('nothing is written') })(answered);
});
