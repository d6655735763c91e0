export {
  IMPORT_ISSUES,
  type ImportIssue,
  type ImportIssueCode,
  type IssueSeverity,
  type Problem,
} from './import-issue.ts';
export { contentKey, type ImportedImage, type ImportedProduct, type ImportedVariant } from './imported-product.ts';
export { imageAddress } from './image-address.ts';
export { countKnownColumns, type ColumnMeaning, type ImportColumn } from './product-columns.ts';
export {
  createProductReader,
  type ProductReader,
  type ReadEnd,
  type RefusedProduct,
  type ReadEvent,
} from './product-reader.ts';
export type { CsvCell, CsvRecord, UnreadableCell } from './product-row.ts';
export type { StatusHint } from './cell-rules.ts';
