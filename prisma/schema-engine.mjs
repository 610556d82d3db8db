#!/usr/bin/env node
/**
 * Stand-in for Prisma's native `schema-engine` program, which Prisma would download: the same arguments and the
 * same JSON-RPC over stdio, served by @prisma/schema-engine-wasm through @prisma/adapter-pg. The Prisma CLI finds it
 * through PRISMA_SCHEMA_ENGINE_BINARY. The protocol is Prisma's own, so the versions in the catalog are exact.
 */
import { runCliCommand } from './engine/cli-commands.mjs'
import { readArguments } from './engine/arguments.mjs'
import { serveJsonRpc } from './engine/json-rpc.mjs'
import { createHandlers } from './engine/handlers.mjs'

const args = readArguments(process.argv.slice(2))
if (args.wantsVersion) process.stdout.write('schema-engine-wasm\n')
else if (args.cliCommand !== undefined) await runCliCommand(args.cliCommand, args.databaseUrl)
else await serveJsonRpc(process.stdin, process.stdout, createHandlers(args))
process.exit()
