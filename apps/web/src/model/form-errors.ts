export interface Issue {
  path: string
  message: string
}

/** "body/sli/total/metric", "body.sli.total.metric" and "/sli/total/metric" all name the field "sli.total.metric". */
export function fieldPath(path: string): string {
  return path
    .replace(/\[(\d+)\]/g, '.$1')
    .replace(/\//g, '.')
    .replace(/^\.+/, '')
    .replace(/^body\./, '')
}

/** First message of each field, keyed as @mantine/form keys fields. `rename` maps API paths to the form's own. */
export function formErrors(issues: readonly Issue[], rename: (path: string) => string = (path) => path) {
  const errors: Record<string, string> = {}
  for (const issue of issues) errors[rename(fieldPath(issue.path))] ??= issue.message
  return errors
}
