// Labels are painted at the size of the screen, most connected first, each only where there is room.

const MAX_LABELS = 220;
const MAX_LABELLED_EDGES = 160;
const CROWDED = 120; // above, the most connected are labelled even where that covers smaller nodes
const ALWAYS_LABELLED = 14;
const LINE_CHARS = 24;
const MAX_LINES = 3;
const LINE = 14;
const UNSHOWN = /[\p{Cc}\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu;
const FAMILY = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif';
const PLAIN = `500 12px ${FAMILY}`;
const STRONG = `600 12px ${FAMILY}`;
const SLANTED = `italic 11px ${FAMILY}`;
const MAX_TRIED = 1500;
const shapes = new Map(); // of labels: lines and half their width
const widths = new Map(); // of relations

network.on("afterDrawing", (context) => {
  const scale = network.getScale();
  const ratio = context.getTransform().a / scale;
  const centre = network.getViewPosition();
  const [width, height] = [context.canvas.width / ratio, context.canvas.height / ratio];
  const onScreen = ({ x, y }) => ({ x: (x - centre.x) * scale + width / 2, y: (y - centre.y) * scale + height / 2 });
  const inside = ({ x, y }) => x > -80 && y > -40 && x < width + 80 && y < height + 40;
  const bright = lit();
  if (bright) veil(context, bright);
  context.save();
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.lineJoin = "round";
  context.textAlign = "center";
  context.textBaseline = "top";
  const positions = network.body.nodes;
  const there = (i) => positions[i] !== undefined; // while a view changes, the drawing may lag behind
  const taken = []; // by labels
  const nodes = []; // by nodes, which labels avoid
  const radius = (i) => positions[i].options.size * scale;
  if (seen.nodes.size <= MAX_LABELS * 2) {
    for (const i of [...seen.nodes].filter(there)) {
      const [{ x, y }, r] = [onScreen(positions[i]), radius(i)];
      nodes.push([x - r, y - r, x + r, y + r]);
    }
  }
  if (byCommunity()) taken.push(...paintCommunities(context, onScreen, scale, [width, height], nodes));
  for (const i of selectedEnds().filter(there)) ring(context, onScreen(positions[i]), radius(i) + 4);
  let painted = 0;
  let tried = 0;
  for (const i of inOrder(bright)) {
    if (painted >= MAX_LABELS || tried >= MAX_TRIED) break;
    if (!there(i)) continue;
    const point = onScreen(positions[i]);
    if (!inside(point)) continue;
    tried += 1;
    const must = hovered?.kind === "entity" && hovered.id === i;
    const avoided = seen.nodes.size > CROWDED && painted < ALWAYS_LABELLED ? [taken] : [taken, nodes];
    const isFree = (box) => fits(box, [width, height]) && !avoided.some((boxes) => collides(box, boxes));
    const box = paintNode(context, i, point, radius(i), isFree, must);
    if (!box) continue;
    taken.push(box);
    painted += 1;
  }
  const joined = (i) => there(statements[i].subject) && there(statements[i].object);
  taken.push(...nodes);
  for (const i of edgesInOrder(bright).filter(joined)) paintEdge(context, i, positions, onScreen, taken);
  context.restore();
});

function* inOrder(bright) {
  const done = new Set();
  const first = [hovered?.kind === "entity" ? [hovered.id] : [], selectedEnds()].flat();
  const rest = bright ? byRank.filter((i) => bright.nodes.has(i)) : byRank;
  for (const i of [...first, ...rest]) {
    if (done.has(i) || !seen.nodes.has(i)) continue;
    done.add(i);
    yield i;
  }
}

function edgesInOrder(bright) {
  const pointed = hovered?.kind === "statement" && seen.edges.has(hovered.id) ? [hovered.id] : [];
  if (bright) return [...pointed, ...bright.edges].filter((i) => seen.edges.has(i));
  return seen.edges.size <= MAX_LABELLED_EDGES ? [...pointed, ...seen.edges] : pointed;
}

// Paints where there is room, below, above or beside; gives the box that it took.
function paintNode(context, i, { x, y }, r, isFree, must) {
  const strong = must || selectedEnds().includes(i);
  const { lines, half } = shapeOf(context, i);
  const tall = lines.length * LINE;
  const places = [
    [x, y + r + 3],
    [x, y - r - 3 - tall],
    [x + r + 5 + half, y - tall / 2],
    [x - r - 5 - half, y - tall / 2],
  ];
  const boxAt = ([middle, top]) => [middle - half - 2, top - 1, middle + half + 2, top + tall];
  const free = places.find((place) => isFree(boxAt(place))) ?? (must || strong ? places[0] : null);
  if (!free) return null;
  context.font = strong ? STRONG : PLAIN;
  lines.forEach((line, n) => write(context, line, free[0], free[1] + n * LINE, theme.ink, 4));
  return boxAt(free);
}

function paintEdge(context, i, positions, onScreen, taken) {
  const { subject, object, modality } = statements[i];
  const [from, to] = [onScreen(positions[subject]), onScreen(positions[object])];
  context.font = SLANTED;
  const text = modality === "Negated" ? `not: ${relations[statements[i].relation]}` : relations[statements[i].relation];
  if (!widths.has(text)) widths.set(text, context.measureText(text).width);
  const half = widths.get(text) / 2;
  const pointed = (hovered?.kind === "statement" && hovered.id === i) || (state.selected?.kind === "statement" && state.selected.id === i);
  if (!pointed && Math.hypot(from.x - to.x, from.y - to.y) < half * 2 + 24) return;
  const middle = onScreen(middleOf(i, positions[subject], positions[object]));
  const box = [middle.x - half, middle.y - 7, middle.x + half, middle.y + 7];
  if (!pointed && collides(box, taken)) return;
  taken.push(box);
  write(context, text, middle.x, middle.y - 6, modality === "Negated" ? theme.bad : theme.muted, 4);
}

function middleOf(i, from, to) {
  const drawn = network.body.edges[i];
  if (drawn?.connected) return drawn.edgeType.getPoint(0.5);
  return { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
}

function ring(context, { x, y }, r) {
  context.beginPath();
  context.arc(x, y, r, 0, 2 * Math.PI);
  context.lineWidth = 2.5;
  context.strokeStyle = theme.accent;
  context.stroke();
}

function write(context, text, x, y, colour, halo) {
  context.lineWidth = halo;
  context.strokeStyle = theme.paper;
  context.strokeText(text, x, y);
  context.fillStyle = colour;
  context.fillText(text, x, y);
}

const fits = ([left, top, right, bottom], [width, height]) => left >= 0 && top >= 0 && right <= width && bottom <= height;

function collides([left, top, right, bottom], taken) {
  return taken.some(([l, t, r, b]) => left < r && l < right && top < b && t < bottom);
}

// Measured in the bold face, so that a label has its room when it becomes bold.
function shapeOf(context, i) {
  if (!shapes.has(i)) {
    const lines = breakLines(entities[i].label.replace(UNSHOWN, " ").trim() || "·");
    context.font = STRONG;
    shapes.set(i, { lines, half: Math.max(...lines.map((line) => context.measureText(line).width)) / 2 });
  }
  return shapes.get(i);
}

function breakLines(text) {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
    if (longer.length <= LINE_CHARS || !lines.at(-1)) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  const cut = lines.map((line) => (line.length > LINE_CHARS ? `${line.slice(0, LINE_CHARS - 1)}…` : line));
  return cut.length > MAX_LINES ? [...cut.slice(0, MAX_LINES - 1), `${cut[MAX_LINES - 1].slice(0, LINE_CHARS - 1)}…`] : cut;
}
