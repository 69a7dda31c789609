// Communities of a large network: a closed one is a disc with the names of its most connected members, drawn where they
// stand; an open one is a frame around them.

const NAMED = 2; // members that a community is called after
const ROOM = 40; // around the members of an open community
const LEAST = 9; // pixels: no disc is smaller
const areas = communities.map((members) => {
  const [xs, ys] = [members.map((i) => places[i].x), members.map((i) => places[i].y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  return { left, right, top, bottom, x: (left + right) / 2, y: (top + bottom) / 2 };
});
let heads = []; // of open communities, where they are painted: community and box on the screen

const cornersOf = (c) => [{ x: areas[c].left, y: areas[c].top }, { x: areas[c].right, y: areas[c].bottom }];
const spread = areas.map(({ left, right, top, bottom }, c) => Math.min(right - left, bottom - top) / Math.sqrt(communities[c].length)).sort((a, b) => a - b);
const unit = 0.3 * (spread[spread.length >> 1] ?? 0); // the radius of a disc grows with the root of its members
const sizeOf = (c) => Math.max(unit * Math.sqrt(communities[c].length), LEAST / network.getScale());
const membersSeen = (c) => communities[c].filter((i) => seen.nodes.has(i));
const isScattered = (c) => c === facts.scattered;

function namesOf(c) {
  return isScattered(c) ? ["Small groups"] : hubsOf[c].slice(0, NAMED).map((i) => entities[i].label.trim() || entities[i].key);
}

network.on("beforeDrawing", (context) => {
  if (!byCommunity()) return;
  const scale = network.getScale();
  const at = (place) => (place < entities.length ? network.body.nodes[place] ?? places[place] : areas[place - entities.length]);
  context.save();
  context.strokeStyle = theme.edge;
  context.globalAlpha = 0.45;
  const widths = groupBy([...seen.ties.values()], ({ count }) => Math.min(Math.ceil(Math.log2(count + 1)), 5));
  for (const [width, ties] of widths) {
    context.lineWidth = (0.5 + 0.6 * width) / scale;
    for (let start = 0; start < ties.length; start += STROKE) {
      context.beginPath();
      for (const { from, to } of ties.slice(start, start + STROKE)) {
        context.moveTo(at(from).x, at(from).y);
        context.lineTo(at(to).x, at(to).y);
      }
      context.stroke();
    }
  }
  context.globalAlpha = 1;
  context.lineWidth = 1.5 / scale;
  for (const c of seen.closed.keys()) {
    context.beginPath();
    context.arc(areas[c].x, areas[c].y, sizeOf(c), 0, 2 * Math.PI);
    context.fillStyle = theme.paper;
    context.fill();
    context.globalAlpha = 0.16;
    context.fillStyle = theme.accent;
    context.fill();
    context.globalAlpha = 1;
    context.strokeStyle = theme.accent;
    context.stroke();
  }
  context.setLineDash([6 / scale, 5 / scale]);
  context.strokeStyle = theme.muted;
  for (const c of state.open) {
    const { left, top, right, bottom } = areas[c];
    context.strokeRect(left - ROOM, top - ROOM, right - left + 2 * ROOM, bottom - top + 2 * ROOM);
  }
  context.restore();
});

// Counts in the discs and names below them, the largest first, each where there is room; gives the boxes that it took.
function paintCommunities(context, onScreen, scale, size, nodes) {
  const taken = [];
  const order = [...seen.closed].sort(([a, left], [b, right]) => right.size - left.size || a - b);
  const discs = order.map(([c]) => {
    const [{ x, y }, r] = [onScreen(areas[c]), sizeOf(c) * scale];
    return [x - r, y - r, x + r, y + r];
  });
  nodes.push(...discs);
  order.forEach(([c, members], n) => {
    const [left, top, right, bottom] = discs[n];
    const middle = (left + right) / 2;
    context.font = STRONG;
    write(context, `${members.size}`, middle, (top + bottom) / 2 - 6, theme.ink, 2);
    context.font = PLAIN;
    const lines = namesOf(c).flatMap((name) => breakLines(name.replace(UNSHOWN, " "))[0]);
    for (let count = lines.length; count > 0; count -= 1) {
      const half = Math.max(...lines.slice(0, count).map((line) => context.measureText(line).width)) / 2;
      const [tall, centre] = [count * LINE, (top + bottom) / 2];
      const spots = [[middle, bottom + 3], [middle, top - 3 - tall], [right + 5 + half, centre - tall / 2], [left - 5 - half, centre - tall / 2]];
      const boxAt = ([x, y]) => [x - half - 2, y - 1, x + half + 2, y + tall];
      const spot = spots.find((at) => fits(boxAt(at), size) && !collides(boxAt(at), taken) && !collides(boxAt(at), discs));
      if (!spot) continue;
      lines.slice(0, count).forEach((line, i) => write(context, line, spot[0], spot[1] + i * LINE, theme.ink, 4));
      taken.push(boxAt(spot));
      break;
    }
  });
  heads = [...state.open].map((c) => {
    const { x, y } = onScreen({ x: areas[c].left - ROOM, y: areas[c].top - ROOM });
    const text = `× ${breakLines(namesOf(c)[0].replace(UNSHOWN, " "))[0]}`;
    context.font = STRONG;
    const width = context.measureText(text).width;
    write(context, text, x + width / 2 + 4, y + 4, theme.muted, 4);
    return { community: c, box: [x, y, x + width + 10, y + 4 + LINE + 4] };
  });
  taken.push(...heads.map(({ box }) => box));
  return taken;
}

// The closed community whose disc is pointed at, or the open one whose head is.
function communityAt({ canvas, DOM }) {
  if (!byCommunity()) return null;
  const head = heads.find(({ box: [left, top, right, bottom] }) => left <= DOM.x && DOM.x <= right && top <= DOM.y && DOM.y <= bottom);
  if (head) return head.community;
  return [...seen.closed.keys()].find((c) => Math.hypot(canvas.x - areas[c].x, canvas.y - areas[c].y) <= sizeOf(c)) ?? null;
}

function toggleCommunity(c) {
  const opens = !state.open.has(c);
  if (opens) state.open.add(c);
  else state.open.delete(c);
  const lost = !opens && selectedEnds().some((end) => communityOf.get(end) === c);
  if (lost) select(null);
  viewChanged();
  openSide(false);
  fitView();
}

// The list serves the keyboard: each community is a button that opens and closes it.
function listCommunities() {
  const box = byId("communities-box");
  box.hidden = !byCommunity();
  if (box.hidden) return;
  const focused = document.activeElement?.dataset.community;
  const counts = communities.map((_, c) => seen.closed.get(c)?.size ?? membersSeen(c).length);
  const shown = communities.map((_, c) => c).filter((c) => counts[c]);
  const rows = shown.map((c) => {
    const properties = { type: "button", "data-community": `${c}`, "aria-expanded": `${state.open.has(c)}`, onclick: () => toggleCommunity(c) };
    return make("li", {}, make("button", properties, make("span", {}, ...joined(namesOf(c).map(data))), make("span", { class: "count" }, `${counts[c]}`)));
  });
  byId("communities").replaceChildren(...rows);
  byId("communities-count").textContent = `${shown.length}`;
  if (focused) byId("communities").querySelector(`[data-community="${focused}"]`)?.focus();
}

function markCommunities() {
  for (const button of byId("communities").querySelectorAll("button")) button.setAttribute("aria-expanded", `${state.open.has(Number(button.dataset.community))}`);
}

host.addEventListener("mousemove", ({ offsetX, offsetY }) => {
  if (!byCommunity()) return;
  const DOM = { x: offsetX, y: offsetY };
  host.classList.toggle("pointing", hovered !== null || communityAt({ DOM, canvas: network.DOMtoCanvas(DOM) }) !== null);
});
