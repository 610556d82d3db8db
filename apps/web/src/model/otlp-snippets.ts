/** Ready-to-paste settings that send OTLP to this Nines; `endpoint` is its ingest URL, without a slash at the end. */
export function otlpSnippets(endpoint: string, secret: string): { name: string; text: string }[] {
  return [
    {
      name: 'SDK (environment)',
      text: [
        `export OTEL_EXPORTER_OTLP_ENDPOINT="${endpoint}"`,
        'export OTEL_EXPORTER_OTLP_PROTOCOL="http/protobuf"',
        `export OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer%20${secret}"`,
      ].join('\n'),
    },
    {
      name: 'Collector',
      text: [
        'exporters:',
        '  otlphttp/nines:',
        `    endpoint: ${endpoint}`,
        '    headers:',
        `      authorization: Bearer ${secret}`,
        'service:',
        '  pipelines:',
        '    metrics:',
        '      receivers: [otlp]',
        '      exporters: [otlphttp/nines]',
      ].join('\n'),
    },
    {
      name: 'curl',
      text: [
        `curl ${endpoint}/v1/metrics \\`,
        `  -H 'authorization: Bearer ${secret}' \\`,
        "  -H 'content-type: application/json' \\",
        `  -d '{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"hello","gauge":{"dataPoints":[{"asDouble":1,"timeUnixNano":"'$(date +%s)000000000'"}]}}]}]}]}'`,
      ].join('\n'),
    },
  ]
}
