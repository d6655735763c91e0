import { type Currency, type Money, type Result, ok, parseAmount, refuse } from '@souk/domain/shared';

/** Whether a text names a time zone. An offset is no place: it knows no summer. */
export const isTimeZone = (text: string): boolean => {
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

/** Reads what delivery costs as a person types it, `4.90` or `4,90`; the refusal is in words for them. */
export function deliveryPrice(typed: string, currency: Currency): Result<Money, string> {
  const amount = parseAmount(typed.trim().replace(/^(\d+),(\d+)$/, '$1.$2'), currency);
  if (typeof amount !== 'string') return ok(amount);
  return refuse(
    amount === 'too_many_decimals'
      ? `${currency} has no such decimals.`
      : 'Write the price as a number, or 0 where delivery is free.',
  );
}
