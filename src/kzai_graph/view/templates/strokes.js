// How the library's drawing is done in few strokes: what is out of sight is left out; what is too small to tell its
// shape is a dot of its colour, and from far away edges are lines without bend and arrow.

const DOT = 3; // pixels: the radius up to which a node is a dot
const FAR = 0.12; // the scale below which no arrow can be told
const STROKE = 300; // as many lines are stroked at once; the time grows faster than their number
const library = Object.fromEntries(
  ["_drawEdges", "_drawArrows", "_drawNodes"].map((name) => [name, network.renderer[name].bind(network.renderer)]),
);

Object.assign(network.renderer, {
  _drawEdges(context) {
    if (network.getScale() < FAR) drawLines(context);
    else for (const edge of edgesInSight()) edge.draw(context);
    if (hovered?.kind === "statement") network.body.edges[hovered.id]?.draw(context);
  },
  _drawArrows(context) {
    if (network.getScale() >= FAR) for (const edge of edgesInSight()) edge.drawArrows(context);
  },
  _drawNodes(context, unseen = false) {
    return unseen ? library._drawNodes(context, unseen) : drawNodes(context);
  },
});

// Left, top, right, bottom of what the canvas shows, with a margin, where the layout has it.
function sight(margin = 40) {
  const [from, to] = [
    network.DOMtoCanvas({ x: -margin, y: -margin }),
    network.DOMtoCanvas({ x: host.clientWidth + margin, y: host.clientHeight + margin }),
  ];
  return [from.x, from.y, to.x, to.y];
}

function* edgesInSight() {
  const [left, top, right, bottom] = sight();
  for (const id of network.body.edgeIndices) {
    const edge = network.body.edges[id];
    if (!edge.connected) continue;
    const { from, to } = edge;
    const bend = edge.edgeType.options?.smooth?.enabled ? Math.abs(from.x - to.x) + Math.abs(from.y - to.y) : 0;
    if (Math.max(from.x, to.x) + bend < left || Math.min(from.x, to.x) - bend > right) continue;
    if (Math.max(from.y, to.y) + bend < top || Math.min(from.y, to.y) - bend > bottom) continue;
    yield edge;
  }
}

function drawLines(context) {
  const groups = groupBy([...edgesInSight()], ({ id }) => statements[id].modality);
  context.save();
  context.lineWidth = 1.4;
  for (const [modality, edges] of groups) {
    context.strokeStyle = modality === "Negated" ? theme.bad : theme.edge;
    context.setLineDash(edges[0].options.dashes || []);
    for (let start = 0; start < edges.length; start += STROKE) {
      context.beginPath();
      for (const { from, to } of edges.slice(start, start + STROKE)) {
        context.moveTo(from.x, from.y);
        context.lineTo(to.x, to.y);
      }
      context.stroke();
    }
  }
  context.restore();
}

// The library finds a node under the pointer by what its own drawing noted, so each is drawn by it once.
function drawNodes(context) {
  const [left, top, right, bottom] = sight();
  const scale = network.getScale();
  const dots = new Map();
  for (const id of network.body.nodeIndices) {
    const node = network.body.nodes[id];
    const { x, y } = node;
    const known = node.shape.left !== undefined;
    if (known && (x < left || x > right || y < top || y > bottom)) continue;
    if (known && node.options.size * scale <= DOT) {
      const { colour } = classes[entities[id].cls];
      if (!dots.has(colour)) dots.set(colour, []);
      dots.get(colour).push(node);
    } else node.draw(context);
  }
  for (const [colour, nodes] of dots) {
    context.beginPath();
    for (const { x, y, options } of nodes) context.rect(x - options.size, y - options.size, 2 * options.size, 2 * options.size);
    context.fillStyle = colour;
    context.fill();
  }
  return { drawExternalLabels: () => {} };
}
