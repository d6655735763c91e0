import * as rules from './cell-rules.ts';
import type { ImportIssueCode, Problem } from './import-issue.ts';
import { columnName, type ColumnMeaning, type ProductHeader } from './product-columns.ts';

/** A cell whose text could not be had, with as much of it as can be shown. */
export type UnreadableCell = {
  readonly code: 'not_utf8' | 'bad_quote' | 'unclosed_quote' | 'too_long';
  readonly excerpt: string;
};

export type CsvCell = string | UnreadableCell;

/**
 * One record of the file. `row` counts records from 1 (blank ones too), `line` is the line it starts on.
 * A record whose quotes are broken ends with its unreadable cell.
 */
export type CsvRecord = { readonly row: number; readonly line: number; readonly cells: readonly CsvCell[] };

/** Tells the person about one place; `value` is the cell as it stands in the file. */
export type Report = (
  place: { row: number; line: number },
  column: string | null,
  problem: Problem,
  value?: string,
) => void;

/** The cells of one record by what they mean. */
export type ProductRow = {
  readonly record: CsvRecord;
  /** The trimmed text; empty where the file has no such column; undefined where it could not be read (and was reported). */
  readonly at: (meaning: ColumnMeaning) => string | undefined;
  /** Reports a problem of this cell. */
  readonly fail: (meaning: ColumnMeaning, code: ImportIssueCode, sentence: string) => void;
  /** The value of a rule; reports its notes, or its refusal (then undefined). */
  readonly take: <Value>(meaning: ColumnMeaning, result: rules.CellResult<Value>) => Value | undefined;
  /** The value of a cell that may stay empty; `empty` too when the rule refused it. */
  readonly optional: <Value, Empty>(
    meaning: ColumnMeaning,
    rule: (text: string) => rules.CellResult<Value>,
    empty: Empty,
  ) => Value | Empty;
  readonly text: (meaning: keyof typeof rules.MAX_CHARACTERS & ColumnMeaning) => string;
};

export function productRow(record: CsvRecord, header: ProductHeader, report: Report): ProductRow {
  const written = (meaning: ColumnMeaning): string => {
    const cell = record.cells[header.at.get(meaning) ?? -1];
    return typeof cell === 'string' ? cell : '';
  };
  const at: ProductRow['at'] = (meaning) => {
    const index = header.at.get(meaning);
    const cell = index === undefined ? '' : record.cells[index];
    return typeof cell === 'string' ? cell.trim() : undefined;
  };
  const tell = (meaning: ColumnMeaning, problem: Problem): void =>
    report(record, columnName(header, meaning), problem, written(meaning));
  const take: ProductRow['take'] = (meaning, result) => {
    if (!result.ok) {
      tell(meaning, result.refusal);
      return undefined;
    }
    for (const note of result.value.notes) tell(meaning, note);
    return result.value.value;
  };
  const optional: ProductRow['optional'] = (meaning, rule, empty) => {
    const text = at(meaning);
    return text ? (take(meaning, rule(text)) ?? empty) : empty;
  };
  return {
    record,
    at,
    take,
    optional,
    fail: (meaning, code, sentence) => tell(meaning, { code, sentence }),
    text: (meaning) => optional(meaning, (value) => rules.plainText(value, rules.MAX_CHARACTERS[meaning]), ''),
  };
}
