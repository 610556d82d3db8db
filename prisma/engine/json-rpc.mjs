import { createInterface } from 'node:readline'

const ENGINE_ERROR = 4466

/** Answers JSON-RPC requests, one a line, until the input ends. */
export async function serveJsonRpc(input, output, handle) {
  const send = (message) => output.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  const print = (content) => send({ id: 1_000_000, method: 'print', params: { content } })
  // A panic of the engine surfaces outside of any promise. Left unanswered, the CLI would end as if all were well.
  let currentId
  process.on('uncaughtException', (error) => {
    send({ id: currentId, error: describe(error) })
    process.exitCode = 1
    input.destroy()
  })
  for await (const line of createInterface({ input })) {
    const request = line.trim() === '' ? {} : JSON.parse(line)
    if (!request.method) continue
    currentId = request.id
    try {
      const result = await handle(request.method, request.params ?? {}, print)
      send({ id: request.id, result: result ?? null })
    } catch (error) {
      send({ id: request.id, error: describe(error) })
    }
  }
}

function describe(error) {
  return {
    code: ENGINE_ERROR,
    message: 'An error happened. Check the data field for details.',
    data: {
      is_panic: false,
      message: error.message ?? String(error),
      meta: error.meta ?? null,
      error_code: error.code ?? null,
    },
  }
}
