import { Command } from 'commander'
import { runNamedScript } from './run-script.ts'

/** `nines bench NAME [--json]`: one benchmark; what follows the name is the benchmark's own. */
export function benchCommand(): Command {
  return new Command('bench')
    .description('run one benchmark')
    .argument('<name>', 'ingest, query, slo, detect, storm or checks')
    .argument('[options...]', 'options of the benchmark, such as --json')
    .allowUnknownOption()
    .action((name: string, options: string[]) => runNamedScript('packages/bench/src', '.bench.ts', name, options))
}
