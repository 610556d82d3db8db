/** A running app. `stop` drains: it finishes or hands back what is in flight, then releases every handle. */
export interface RunningApp {
  readonly name: string
  /** Base URL of the app's HTTP server, also when the port was 0. */
  readonly url: string
  stop(): Promise<void>
}

/** What every app exports as `start`: read configuration from `env`, come up, answer /healthz and /readyz. */
export type StartApp = (env: Record<string, string | undefined>) => Promise<RunningApp>
