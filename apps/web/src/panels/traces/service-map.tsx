import { formatCount } from '../../model/format-number.ts'
import { formatSpan } from '../../model/format-span.ts'
import { callsPerMinute, errorShare, formatErrorShare } from '../../model/service-figures.ts'
import { layOutServices, NODE_HEIGHT, NODE_WIDTH, type ServiceEdge } from '../../model/service-map.ts'

interface ServiceMapProps {
  edges: readonly ServiceEdge[]
  minutes: number
  onOpen: (service: string) => void
}

/** More lines than this cannot be followed by eye; the table beside the picture has them all. */
const MAX_EDGES = 60

/** Who calls whom: callers to the left; a line's width tells how often, its colour whether calls fail. */
export function ServiceMap({ edges, minutes, onOpen }: ServiceMapProps) {
  const shown = edges.slice(0, MAX_EDGES)
  const { nodes, edges: lines, width, height } = layOutServices(shown)
  const busiest = Math.max(...shown.map(({ calls }) => calls))
  return (
    <div className="service-map">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        width={width}
        height={height}
        role="img"
        aria-label={`${nodes.length} services and ${shown.length} calls between them; the table lists them`}
      >
        <defs>
          <marker
            id="call"
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            orient="auto"
            markerUnits="userSpaceOnUse"
          >
            <path d="M0 0L8 4L0 8z" fill="var(--ink-3)" />
          </marker>
        </defs>
        {lines.map((line) => (
          <g key={`${line.client}\n${line.server}`}>
            <path
              className={`map-line ${errorShare(line) >= 0.01 ? 'bad' : ''}`}
              d={line.path}
              strokeWidth={1 + 2.5 * Math.sqrt(line.calls / busiest)}
              markerEnd="url(#call)"
            />
            <text className="map-figure" x={line.labelX} y={line.labelY - 9}>
              {callsPerMinute(line.calls, minutes)}
            </text>
            <text className="map-figure small" x={line.labelX} y={line.labelY + 18}>
              {formatSpan(line.meanMs)}
              {line.errors > 0 && <tspan className="map-failed"> · {formatErrorShare(errorShare(line))}</tspan>}
            </text>
          </g>
        ))}
        {nodes.map((node) => (
          <g
            key={node.name}
            className="map-node"
            transform={`translate(${node.x} ${node.y})`}
            onClick={() => onOpen(node.name)}
          >
            <rect width={NODE_WIDTH} height={NODE_HEIGHT} rx={6} className={errorShare(node) >= 0.01 ? 'bad' : ''} />
            <text x={12} y={19} className="map-name">
              {node.name.length > 22 ? `${node.name.slice(0, 21)}…` : node.name}
              <title>{node.name}</title>
            </text>
            <text x={12} y={35} className="map-sub">
              {node.calls === 0
                ? 'entry'
                : `${formatCount(node.calls)} calls${node.errors === 0 ? '' : `, ${formatCount(node.errors)} failed`}`}
            </text>
          </g>
        ))}
      </svg>
    </div>
  )
}
