import { Pagination } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { DataTable, type DataTableProps, type DataTableSortStatus } from 'mantine-datatable'
import { useMemo, useState, type ReactNode } from 'react'

export interface RecordColumn<T> {
  key: string
  title: string
  render: (record: T) => ReactNode
  /** Makes the column sortable; null sorts last either way. */
  sort?: (record: T) => number | string | null
  /** Numbers: right-aligned and tabular. */
  numeric?: boolean
  width?: number | string
  /** Whether a card shows it for the record; a table always has the column. */
  has?: (record: T) => boolean
  /** On a phone: the title of the card. One column should have it. */
  head?: boolean
}

interface RecordTableProps<T> {
  label: string
  records: readonly T[]
  columns: RecordColumn<T>[]
  idOf: (record: T) => string
  initialSort?: { key: string; direction: 'asc' | 'desc' }
}

/** More than this would take a browser seconds to draw. */
const RECORDS_PER_PAGE = 100

/** A sortable table that turns into cards on a narrow screen; long ones go page by page. */
export function RecordTable<T extends object>(props: RecordTableProps<T>) {
  const { records, columns, idOf, label } = props
  const narrow = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false })
  // Sorted by no column, records keep the order they came in.
  const [sort, setSort] = useState<DataTableSortStatus<T>>({
    columnAccessor: props.initialSort?.key ?? '',
    direction: props.initialSort?.direction ?? 'asc',
  })
  const sorted = useMemo(() => sortRecords(records, columns, sort), [records, columns, sort])
  const [wantedPage, setPage] = useState(1)
  const pages = Math.max(1, Math.ceil(sorted.length / RECORDS_PER_PAGE))
  // Records may have gone since.
  const page = Math.min(wantedPage, pages)
  const shown = sorted.slice((page - 1) * RECORDS_PER_PAGE, page * RECORDS_PER_PAGE)
  if (narrow) {
    return (
      <>
        <RecordCards {...props} records={shown} />
        {pages > 1 && <Pagination className="record-pages" total={pages} value={page} onChange={setPage} size="sm" />}
      </>
    )
  }
  const table: DataTableProps<T> = {
    className: 'records',
    withTableBorder: false,
    height: 'auto',
    minHeight: 0,
    idAccessor: idOf,
    records: shown,
    columns: columns.map((column) => ({
      accessor: column.key,
      title: column.title,
      render:
        column.numeric === true ? (record: T) => <span className="num">{column.render(record)}</span> : column.render,
      sortable: column.sort !== undefined,
      textAlign: column.numeric === true ? ('right' as const) : ('left' as const),
      width: column.width,
    })),
    sortStatus: sort,
    onSortStatusChange: setSort,
    highlightOnHover: true,
    verticalSpacing: 8,
    horizontalSpacing: 14,
  }
  const paging = { totalRecords: sorted.length, recordsPerPage: RECORDS_PER_PAGE, page, onPageChange: setPage }
  return (
    <section aria-label={label}>
      <DataTable<T> {...(pages > 1 ? { ...table, ...paging } : table)} />
    </section>
  )
}

function RecordCards<T extends object>({ records, columns, idOf, label }: RecordTableProps<T>) {
  const head = columns.find((column) => column.head) ?? columns[0]
  return (
    <ul className="record-cards" aria-label={label}>
      {records.map((record) => (
        <li key={idOf(record)}>
          <div>{head?.render(record)}</div>
          <dl className="record-card-grid">
            {columns
              .filter((column) => column !== head && column.has?.(record) !== false)
              .map((column) => [
                <dt key={`${column.key} name`}>{column.title}</dt>,
                <dd key={column.key} className={column.numeric === true ? 'num' : ''}>
                  {column.render(record)}
                </dd>,
              ])}
          </dl>
        </li>
      ))}
    </ul>
  )
}

function sortRecords<T>(records: readonly T[], columns: RecordColumn<T>[], sort: DataTableSortStatus<T>): T[] {
  const value = columns.find((column) => column.key === sort.columnAccessor)?.sort
  if (value === undefined) return [...records]
  const sign = sort.direction === 'asc' ? 1 : -1
  return [...records].sort((a, b) => {
    const [x, y] = [value(a), value(b)]
    if (x === null || y === null) return Number(x === null) - Number(y === null)
    return sign * (typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y)))
  })
}
