export interface SendTarget {
  /** Base of every HTTP path, without a slash at the end. */
  ingestUrl: string
  /** OTLP over gRPC. */
  ingestGrpcUrl: string
  secret: string
}

export interface Snippet {
  name: string
  /** What it sends, and where it goes. */
  note: string
  text: string
}

/** Ready-to-paste settings that send telemetry to this Nines, from what teams have already. */
export function sendSnippets(target: SendTarget): Snippet[] {
  const { ingestUrl, ingestGrpcUrl, secret } = target
  return [
    {
      name: 'SDK',
      note: 'Metrics, logs and traces of a service with an OpenTelemetry SDK, by its environment.',
      text: lines(
        `export OTEL_EXPORTER_OTLP_ENDPOINT="${ingestUrl}"`,
        'export OTEL_EXPORTER_OTLP_PROTOCOL="http/protobuf"',
        `export OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer%20${secret}"`,
        '',
        '# or over gRPC',
        `export OTEL_EXPORTER_OTLP_ENDPOINT="${ingestGrpcUrl}"`,
        'export OTEL_EXPORTER_OTLP_PROTOCOL="grpc"',
      ),
    },
    {
      name: 'Collector',
      note: 'OpenTelemetry Collector, all three signals; gRPC has less overhead, HTTP passes more proxies.',
      text: lines(
        'exporters:',
        '  otlp/nines:',
        `    endpoint: ${ingestGrpcUrl.replace(/^https?:\/\//, '')}`,
        '    tls:',
        `      insecure: ${!ingestGrpcUrl.startsWith('https:')}`,
        '    headers:',
        `      authorization: Bearer ${secret}`,
        '  # instead, over HTTP',
        '  otlphttp/nines:',
        `    endpoint: ${ingestUrl}`,
        '    headers:',
        `      authorization: Bearer ${secret}`,
        'service:',
        '  pipelines:',
        ...['metrics', 'logs', 'traces'].flatMap((signal) => [
          `    ${signal}:`,
          '      receivers: [otlp]',
          '      exporters: [otlp/nines]',
        ]),
      ),
    },
    {
      name: 'Prometheus',
      note: 'Remote write 2.0, for native histograms, exemplars and metadata; without protobuf_message it is 1.0.',
      text: lines(
        'remote_write:',
        `  - url: ${ingestUrl}/api/v1/write`,
        '    protobuf_message: io.prometheus.write.v2.Request',
        '    send_exemplars: true',
        '    send_native_histograms: true',
        '    authorization:',
        `      credentials: ${secret}`,
      ),
    },
    {
      name: 'Promtail, Loki clients',
      note: 'Whatever pushes to Loki; the key is the password of basic authentication.',
      text: lines(
        'clients:',
        `  - url: ${ingestUrl}/loki/api/v1/push`,
        '    basic_auth:',
        '      username: nines',
        `      password: ${secret}`,
      ),
    },
    {
      name: 'Zipkin',
      note: 'Zipkin v2 JSON, here with Spring Boot; other reporters take the same address and header.',
      text: lines(
        `management.zipkin.tracing.endpoint=${ingestUrl}/api/v2/spans`,
        '',
        '# any other reporter',
        `# POST ${ingestUrl}/api/v2/spans`,
        `# authorization: Bearer ${secret}`,
      ),
    },
    {
      name: 'curl',
      note: 'One metric, to see that the key works; then one log record.',
      text: lines(
        `curl ${ingestUrl}/v1/metrics \\`,
        `  -H 'authorization: Bearer ${secret}' \\`,
        "  -H 'content-type: application/json' \\",
        `  -d '{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"hello","gauge":{"dataPoints":[{"asDouble":1,"timeUnixNano":"'$(date +%s)000000000'"}]}}]}]}]}'`,
        '',
        `curl ${ingestUrl}/v1/logs \\`,
        `  -H 'authorization: Bearer ${secret}' \\`,
        "  -H 'content-type: application/json' \\",
        `  -d '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"hello"},"severityNumber":9,"timeUnixNano":"'$(date +%s)000000000'"}]}]}]}'`,
      ),
    },
  ]
}

function lines(...all: string[]): string {
  return all.join('\n')
}
