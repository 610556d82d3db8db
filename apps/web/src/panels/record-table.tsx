import { Pagination } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { DataTable, type DataTableProps, type DataTableSortStatus } from 'mantine-datatable'
import { useMemo, useState, type ReactNode } from 'react'

export interface RecordColumn<T> {
  key: string
  title: string
  render: (record: T) => ReactNode
  /** Makes the column sortable; null sorts last either way. Of a page that somebody else sorts: 'elsewhere'. */
  sort?: ((record: T) => number | string | null) | 'elsewhere' | undefined
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
  initialSort?: RecordSort
}

export interface RecordSort {
  key: string
  direction: 'asc' | 'desc'
}

/** More than this would take a browser seconds to draw. */
export const RECORDS_PER_PAGE = 100

/** A sortable table that turns into cards on a narrow screen; long ones go page by page. */
export function RecordTable<T extends object>({ records, initialSort, ...props }: RecordTableProps<T>) {
  const { columns } = props
  // Sorted by no column, records keep the order they came in.
  const [sort, setSort] = useState<RecordSort>(initialSort ?? { key: '', direction: 'asc' })
  const sorted = useMemo(() => sortRecords(records, columns, sort), [records, columns, sort])
  const [wantedPage, setPage] = useState(1)
  // Records may have gone since.
  const page = Math.min(wantedPage, Math.max(1, Math.ceil(sorted.length / RECORDS_PER_PAGE)))
  const shown = sorted.slice((page - 1) * RECORDS_PER_PAGE, page * RECORDS_PER_PAGE)
  const paging = { total: sorted.length, page, onPage: setPage, sort, onSort: setSort }
  return <RecordPage {...props} {...paging} records={shown} />
}

interface RecordPageProps<T> extends Omit<RecordTableProps<T>, 'initialSort'> {
  /** How many records there are on all pages. */
  total: number
  page: number
  onPage: (page: number) => void
  /** Left out: no column sorts. */
  sort?: RecordSort
  onSort?: (sort: RecordSort) => void
}

/** The same of one page of records that somebody else sorts and cuts: the API, where there may be thousands. */
export function RecordPage<T extends object>(props: RecordPageProps<T>) {
  const { records, columns, idOf, label, total, page, onPage, sort, onSort } = props
  const narrow = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false })
  const pages = Math.max(1, Math.ceil(total / RECORDS_PER_PAGE))
  if (narrow) {
    return (
      <>
        <RecordCards {...props} />
        {pages > 1 && <Pagination className="record-pages" total={pages} value={page} onChange={onPage} size="sm" />}
      </>
    )
  }
  const table: DataTableProps<T> = {
    className: 'records',
    withTableBorder: false,
    height: 'auto',
    minHeight: 0,
    idAccessor: idOf,
    records: [...records],
    columns: columns.map((column) => ({
      accessor: column.key,
      title: column.title,
      render:
        column.numeric === true ? (record: T) => <span className="num">{column.render(record)}</span> : column.render,
      sortable: column.sort !== undefined,
      textAlign: column.numeric === true ? ('right' as const) : ('left' as const),
      width: column.width,
    })),
    sortStatus: { columnAccessor: sort?.key ?? '', direction: sort?.direction ?? 'asc' },
    onSortStatusChange: ({ columnAccessor, direction }: DataTableSortStatus<T>) =>
      onSort?.({ key: String(columnAccessor), direction }),
    highlightOnHover: true,
    verticalSpacing: 8,
    horizontalSpacing: 14,
  }
  const paging = { totalRecords: total, recordsPerPage: RECORDS_PER_PAGE, page, onPageChange: onPage }
  return (
    <section aria-label={label}>
      <DataTable<T> {...(pages > 1 ? { ...table, ...paging } : table)} />
    </section>
  )
}

function RecordCards<T extends object>({ records, columns, idOf, label }: RecordPageProps<T>) {
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

function sortRecords<T>(records: readonly T[], columns: RecordColumn<T>[], sort: RecordSort): T[] {
  const value = columns.find((column) => column.key === sort.key)?.sort
  if (value === undefined || value === 'elsewhere') return [...records]
  const sign = sort.direction === 'asc' ? 1 : -1
  return [...records].sort((a, b) => {
    const [x, y] = [value(a), value(b)]
    if (x === null || y === null) return Number(x === null) - Number(y === null)
    return sign * (typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y)))
  })
}
