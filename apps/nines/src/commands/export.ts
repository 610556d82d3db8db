import { exportCode } from '@nines/contracts'
import { Option, type Command } from 'commander'
import { callNines, codeServer } from '../code/code-client.ts'
import { codeCommand, ending, EXIT } from '../code/code-command.ts'

interface ExportOptions {
  format: 'openslo' | 'original'
  url?: string
}

/** `nines export`: what Nines holds as files. Exits 0, or 2 on an error. */
export function exportCommand(): Command {
  return codeCommand('export')
    .description('print everything as OpenSLO and nines/v1, or the documents as they were applied')
    .addOption(new Option('--format <format>', 'as what').choices(['openslo', 'original']).default('openslo'))
    .option('--url <url>', 'where Nines is (default: $NINES_URL, or this machine)')
    .action(ending(printExport))
}

async function printExport({ format, url }: ExportOptions): Promise<number> {
  const { text } = await callNines(codeServer(url, process.env), exportCode, { query: `?format=${format}` })
  process.stdout.write(text)
  return EXIT.equal
}
