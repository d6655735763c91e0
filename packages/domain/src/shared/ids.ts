import type { Brand } from './brand.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export type SiteId = Brand<string, 'SiteId'>;
export type AdminId = Brand<string, 'AdminId'>;
export type ProductId = Brand<string, 'ProductId'>;
export type VersionId = Brand<string, 'VersionId'>;
export type VariantId = Brand<string, 'VariantId'>;
export type CartId = Brand<string, 'CartId'>;
export type OrderId = Brand<string, 'OrderId'>;
export type PaymentId = Brand<string, 'PaymentId'>;
export type ConfigId = Brand<string, 'ConfigId'>;

/** Whether the text is a UUID in its canonical lower-case form. */
export const isUuid = (text: string): boolean => UUID.test(text);

/** Turns a UUID made by the application, or read from the database, into a branded id. Throws on anything else. */
export function id<Id extends Brand<string, string>>(text: string): Id {
  if (!isUuid(text)) throw new TypeError(`not a UUID: ${text}`);
  return text as Id;
}
