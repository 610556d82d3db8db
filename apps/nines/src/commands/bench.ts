import { Command } from 'commander'
import { runNamedScript } from './run-script.ts'

/** `nines bench NAME [--json]`: one benchmark, beside its peers where they are installed. */
export function benchCommand(): Command {
  return new Command('bench')
    .description('run one benchmark beside its peers')
    .argument('<name>')
    .argument('[options...]', 'options of the benchmark, such as --json or --runs 1')
    .allowUnknownOption()
    .action((name: string, options: string[]) => runNamedScript('packages/bench/src', '.bench.ts', name, options))
}
