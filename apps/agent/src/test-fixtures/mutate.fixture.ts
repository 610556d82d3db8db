/** How many rounds a fuzz test makes; NINES_FUZZ_ITERATIONS for long runs. */
export const fuzzIterations = Number(process.env.NINES_FUZZ_ITERATIONS ?? 20_000)

/** Characters that mean something in the formats read here. */
const SPICE = Array.from('{}"\\,=:|@# \n\t\r.+-eE0123456789naNIfT_\u0000\u00e9\ufffd\u{1f600}')

/** A valid text with one to four characters dropped, doubled, replaced, inserted or a piece moved. */
export function mutate(text: string, random: () => number): string {
  let mutated = text
  const at = () => Math.floor(random() * (mutated.length + 1))
  for (let changes = 1 + Math.floor(random() * 4); changes > 0; changes--) {
    const place = at()
    const spice = SPICE[Math.floor(random() * SPICE.length)] ?? ''
    const kind = Math.floor(random() * 5)
    if (kind === 0) mutated = mutated.slice(0, place) + mutated.slice(place + 1)
    else if (kind === 1) mutated = mutated.slice(0, place) + spice + mutated.slice(place)
    else if (kind === 2) mutated = mutated.slice(0, place) + spice + mutated.slice(place + 1)
    else if (kind === 3) mutated = mutated.slice(0, place) + mutated.slice(at(), at()) + mutated.slice(place)
    else mutated = mutated.slice(0, place)
  }
  return mutated
}
