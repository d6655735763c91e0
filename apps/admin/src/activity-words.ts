const ACTIONS: Readonly<Record<string, string>> = {
  'products.publish': 'published products',
  'products.unpublish': 'took products off the shop',
  'imports.upload': 'brought a product file',
  'imports.start': 'imported a product file',
  'imports.cancel': 'cancelled an import',
  'orders.fulfil': 'marked an order as sent',
  'orders.cancel': 'cancelled an order',
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);
const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);
const products = (n: number): string => `${n} ${n === 1 ? 'product' : 'products'}`;

/** What somebody did, as the end of a sentence that begins with their name. */
export function actionWords(action: string, after: unknown): string {
  const facts = isRecord(after) ? after : {};
  if (action === 'products.publish') return `published ${products(lengthOf(facts['published']))}`;
  if (action === 'products.unpublish') return `took ${products(lengthOf(facts['unpublished']))} off the shop`;
  return ACTIONS[action] ?? action.replace('.', ': ').replaceAll('_', ' ');
}

/** What is left of the details as name and value, for those who want to see them. */
export const detailsOf = (after: unknown): readonly (readonly [name: string, value: string])[] =>
  isRecord(after) ? Object.entries(after).map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)] as const) : [];
