import type { ImportIssue } from '@souk/domain/catalog/product-import';

/** Tells a spreadsheet that the file is UTF-8. */
export const BYTE_ORDER_MARK = '\uFEFF';

/**
 * One cell of a CSV file that people open in a spreadsheet. A text that the spreadsheet would run as a formula gets a leading
 * apostrophe; one with a separator, a quotation mark or a line break is quoted.
 */
export function writeCsvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",;\t\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One line of a CSV file. */
export const writeCsvRow = (cells: readonly string[]): string => `${cells.map(writeCsvCell).join(',')}\r\n`;

/** The report of an import as a CSV file: one row for each issue, in UTF-8 with a byte order mark so that spreadsheets know. */
export function issuesToCsv(issues: Iterable<ImportIssue>): string {
  const rows = [['Severity', 'Row', 'Line', 'Column', 'Product', 'Value', 'Message', 'Code']];
  for (const { severity, row, line, column, handle, value, message, code } of issues) {
    rows.push([severity, String(row), String(line), column ?? '', handle ?? '', value ?? '', message, code]);
  }
  return BYTE_ORDER_MARK + rows.map(writeCsvRow).join('');
}
