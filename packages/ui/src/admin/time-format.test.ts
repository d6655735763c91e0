import { i18n } from '@lingui/core';
import { expect, test } from 'vitest';
import { formatExact, formatRelative } from './time-format.ts';

i18n.loadAndActivate({ locale: 'en', messages: {} });

const now = new Date('2026-11-24T12:00:00Z');
const ago = (seconds: number): string =>
  formatRelative(new Date(now.getTime() - seconds * 1000), now, 'Europe/Berlin', 'en-GB');

test('near times are told from now, far ones by their date', () => {
  expect(ago(3)).toBe('just now');
  expect(ago(59)).toBe('just now');
  expect(ago(60)).toBe('1 minute ago');
  expect(ago(3 * 3600)).toBe('3 hours ago');
  expect(ago(30 * 3600)).toBe('yesterday');
  expect(ago(10 * 86_400)).toBe('14 Nov');
  expect(ago(400 * 86_400)).toBe('20 Oct 2025');
});

test('the exact time is the site’s, and says so', () => {
  expect(formatExact(now, 'Asia/Tokyo', 'en-GB')).toBe('24 November 2026 at 21:00, Tokyo time');
});
