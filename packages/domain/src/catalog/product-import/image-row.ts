import * as rules from './cell-rules.ts';
import { imageAddress } from './image-address.ts';
import { quoted } from './import-issue.ts';
import type { ProductDraft } from './product-draft.ts';
import type { ProductRow } from './product-row.ts';

export const MAX_IMAGES = 250;

/** Reads the row's picture into the draft; the same address twice is one picture. */
export function readImage(row: ProductRow, draft: ProductDraft): void {
  const src = row.optional('imageSrc', imageAddress, null);
  const alt = row.text('imageAlt');
  if (src === null || draft.images.has(src)) return;
  if (draft.images.size >= MAX_IMAGES) {
    if (draft.told.has('imageSrc')) return;
    draft.told.add('imageSrc');
    const sentence = `The product has more than ${MAX_IMAGES} pictures; this is one too many. Remove some.`;
    row.fail('imageSrc', 'too_many_images', sentence);
    return;
  }
  const written = row.at('imagePosition') ?? '';
  let position = draft.images.size + 1;
  if (/^[1-9]\d{0,5}$/.test(written)) position = Number(written);
  else if (!rules.isBlank(written)) {
    const sentence = `${quoted(written)} is no position such as 1 or 2. The picture keeps its place in the file.`;
    row.fail('imagePosition', 'image_position', sentence);
  }
  draft.images.set(src, { position, alt });
}
