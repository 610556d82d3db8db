/** resource_metrics { scope_metrics { metrics { name: "g" gauge { data_points { time: now, as_double } } } } }. For tests. */
export function gaugeRequest(number: number): Buffer {
  const field = (tag: number, content: Buffer) => Buffer.concat([Buffer.from([tag, content.length]), content])
  const time = Buffer.alloc(8)
  time.writeBigUInt64LE(BigInt(Date.now()) * 1_000_000n)
  const value = Buffer.alloc(8)
  value.writeDoubleLE(number)
  const point = Buffer.concat([Buffer.from([0x19]), time, Buffer.from([0x21]), value])
  const metric = Buffer.concat([field(0x0a, Buffer.from('g')), field(0x2a, field(0x0a, point))])
  return field(0x0a, field(0x12, field(0x12, metric)))
}
