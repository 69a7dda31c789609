// The drawing: vis-network shows what is to be seen, where the layout has put it.

const VEIL = 0.82; // how far all but the selection fades
const host = document.getElementById("network");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const upright = host.clientHeight > 1.2 * host.clientWidth; // the layout is wide: turn it on a phone
const turned = (node) => ({ ...node, x: node.y, y: node.x });
const places = upright ? readJson("nodes").map(turned) : readJson("nodes"); // by entity
const nodeSet = new vis.DataSet(places);
const edgeSet = new vis.DataSet(readJson("edges"));
const nodeView = new vis.DataView(nodeSet, { filter: (node) => seen.nodes.has(node.id) });
const edgeView = new vis.DataView(edgeSet, { filter: (edge) => seen.edges.has(edge.id) });
let theme = readTheme();
let hovered = null;

recompute();
colourEdges();
nodeView.refresh();
edgeView.refresh();
const network = new vis.Network(host, { nodes: nodeView, edges: edgeView }, readJson("options"));
for (const element of host.querySelectorAll("[tabindex]")) element.tabIndex = -1; // the list serves the keyboard

function readTheme() {
  const style = getComputedStyle(document.documentElement);
  const value = (name) => style.getPropertyValue(`--${name}`).trim();
  return { ink: value("ink"), paper: value("stage"), muted: value("muted"), edge: value("edge"), bad: value("bad"), accent: value("accent") };
}

function colourEdges() {
  edgeSet.update(
    statements.map(({ modality }, id) => {
      const color = modality === "Negated" ? theme.bad : theme.edge;
      return { id, color: { color, hover: theme.accent, highlight: theme.accent } };
    }),
  );
}

function redraw() {
  recompute();
  nodeView.refresh();
  edgeView.refresh();
  markCommunities();
  paintSoon();
}

// Fades what is drawn, and draws the selection anew above it: no node or edge changes, so a click is answered at once.
function veil(context, bright) {
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.globalAlpha = VEIL;
  context.globalCompositeOperation = "destination-out";
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  context.restore();
  const { nodes, edges } = network.body;
  for (const i of bright.edges) {
    if (!edges[i]?.connected) continue;
    edges[i].draw(context);
    edges[i].drawArrows(context);
  }
  for (const i of bright.nodes) nodes[i]?.draw(context);
}

// With the library's next frame, so that changes that come together are painted once.
const paintSoon = () => network.body.emitter.emit("_requestRedraw");

function fit(ids = null, least = 0) {
  const points = Object.values(network.getPositions(ids ?? [...seen.nodes]));
  if (!ids) points.push(...[...seen.closed.keys()].flatMap(cornersOf));
  if (!points.length) return;
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const extent = (values) => values.reduce(([low, high], v) => [Math.min(low, v), Math.max(high, v)], [Infinity, -Infinity]);
  const [[left, right], [top, bottom]] = [extent(xs), extent(ys)];
  const room = (size, margin) => Math.max(size - margin, size / 2);
  const scale = Math.min(room(host.clientWidth, 190) / (right - left || 1), room(host.clientHeight, 120) / (bottom - top || 1), 1.2);
  const whole = { x: (left + right) / 2, y: (top + bottom) / 2 + 12 / scale };
  const position = scale < least ? (hub() === undefined ? whole : network.getPosition(hub())) : whole;
  network.moveTo({ position, scale: Math.max(scale, least), animation: motion() });
}

// Moves only when the selection would be out of sight.
function bringIntoView(ids) {
  const points = Object.values(network.getPositions(ids)).map((point) => network.canvasToDOM(point));
  const margin = 60;
  const visible = points.every(
    ({ x, y }) => x > margin && y > margin && x < host.clientWidth - margin && y < host.clientHeight - margin,
  );
  if (visible) return;
  if (ids.length > 1) fit(ids);
  else network.focus(ids[0], { scale: Math.max(network.getScale(), 0.8), animation: motion() });
}

const hub = () => byRank.find((i) => seen.nodes.has(i));

function zoom(factor) {
  network.moveTo({ scale: Math.min(Math.max(network.getScale() * factor, 0.03), 4), animation: motion() });
}

function motion() {
  return calm.matches ? false : { duration: 250, easingFunction: "easeInOutQuad" };
}

for (const [kind, over, out] of [["entity", "hoverNode", "blurNode"], ["statement", "hoverEdge", "blurEdge"]]) {
  network.on(over, (event) => {
    hovered = { kind, id: event.node ?? event.edge };
    host.classList.add("pointing");
    paintSoon();
  });
  network.on(out, () => {
    hovered = null;
    host.classList.remove("pointing");
    paintSoon();
  });
}
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", takeTheme);
matchMedia("print").addEventListener("change", () => {
  takeTheme();
  network.setSize(`${host.clientWidth}px`, `${host.clientHeight}px`); // paper has another size, and no next frame
  network.redraw();
});

function takeTheme() {
  theme = readTheme();
  colourEdges();
  paintSoon();
}
