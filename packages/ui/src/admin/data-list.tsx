import type { ComponentProps, ComponentType, ReactNode } from 'react';
import { classNames } from './class-names.ts';

export type Column<Row> = {
  readonly key: string;
  readonly header: string;
  readonly headerHidden?: boolean;
  readonly align?: 'start' | 'end';
  /** Left out below this width; the first columns always stay. */
  readonly from?: 'md' | 'lg' | 'xl';
  readonly className?: string;
  readonly cell: (row: Row) => ReactNode;
};

const FROM = { md: 'hidden md:table-cell', lg: 'hidden lg:table-cell', xl: 'hidden xl:table-cell' } as const;

type DataListProps<Row> = {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
  readonly rowProps?: (
    row: Row,
    index: number,
  ) => ComponentProps<'tr'> & { readonly [data: `data-${string}`]: string | undefined };
  /** Where there is no room for columns each row is a card of its own. */
  readonly card?: ComponentType<{ readonly row: Row }>;
  readonly cardProps?: (row: Row, index: number) => ComponentProps<'li'>;
};

/** Rows of 40 px under a header that stays in sight; cards on a phone. */
export function DataList<Row>({
  label,
  rows,
  columns,
  rowKey,
  rowProps,
  card: RowCard,
  cardProps,
}: DataListProps<Row>) {
  return (
    <>
      <table className={classNames('w-full border-separate border-spacing-0 text-14', RowCard && 'hidden sm:table')}>
        <caption className="sr-only">{label}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                className={classNames(
                  'sticky top-0 z-10 h-9 border-b border-line bg-surface px-3 text-12 font-medium whitespace-nowrap text-ink-soft first:rounded-ss-card first:ps-4 last:rounded-se-card last:pe-4',
                  column.align === 'end' ? 'text-end' : 'text-start',
                  column.from && FROM[column.from],
                )}
              >
                {column.headerHidden === true ? <span className="sr-only">{column.header}</span> : column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => {
            const { className, ...props } = rowProps?.(row, index) ?? {};
            return (
              <tr
                key={rowKey(row)}
                {...props}
                className={classNames('group/row scroll-mt-12 scroll-mb-4 last:[&>td]:border-b-0', className)}
              >
                {columns.map((column) => (
                  <td
                    key={column.key}
                    className={classNames(
                      'h-10 border-b border-line px-3 first:ps-4 last:pe-4',
                      column.align === 'end' && 'tabular text-end',
                      column.from && FROM[column.from],
                      column.className,
                    )}
                  >
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
      {RowCard && (
        <ul aria-label={label} className="divide-y divide-line sm:hidden">
          {rows.map((row, index) => (
            <li key={rowKey(row)} {...cardProps?.(row, index)}>
              <RowCard row={row} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
