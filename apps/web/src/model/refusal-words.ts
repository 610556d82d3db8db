const REASONS: Record<string, { title: string; meaning: string }> = {
  rate_limited: {
    title: 'Over the rate',
    meaning: 'More was sent than the workspace’s rate; the sender was told to try again.',
  },
  rate_limit: {
    title: 'Over the rate',
    meaning: 'More was sent than the workspace’s rate; the sender was told to try again.',
  },
  series_limit: { title: 'Too many active series', meaning: 'The points would have begun a series beyond the limit.' },
  new_series_limit: {
    title: 'Too many new series',
    meaning: 'More series began within a minute than the limit allows.',
  },
  label_limit: { title: 'Labels', meaning: 'Too many labels, or a name or value that is too long.' },
  clock_window: {
    title: 'Outside the clock window',
    meaning: 'Older than the oldest, or further ahead than is accepted.',
  },
  invalid: { title: 'Malformed', meaning: 'Not what the format allows; the answer named the place.' },
  too_large: { title: 'Body too large', meaning: 'More bytes after decompression than one request may have.' },
  unavailable: { title: 'Not now', meaning: 'Ingest was short of room; the sender was told to try again.' },
  unsupported_media_type: {
    title: 'Unknown format',
    meaning: 'A content type or encoding that this path does not take.',
  },
}

/** Why telemetry was refused, in words; a reason that is not known here is shown by its name. */
export function refusalWords(reason: string): { title: string; meaning: string } {
  const words = reason.replace(/[_.]/g, ' ')
  return REASONS[reason] ?? { title: words.charAt(0).toUpperCase() + words.slice(1), meaning: '' }
}
