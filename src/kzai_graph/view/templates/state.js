// What is chosen, and what is therefore to be seen.

// Without a filter: what a permalink leaves out.
const unfiltered = () => ({
  withoutClasses: new Set(),
  withoutRelations: new Set(),
  withoutModalities: new Set(["Negated"]),
  document: -1,
  loose: statements.length === 0,
  from: 0, // places in the list of days
  to: days.length - 1,
  undated: true,
  said: 1, // by how many documents at least
  view: facts.first ? "connected" : "all", // or "communities"
  expanded: new Map(), // entities whose neighbours were drawn by hand, in this order, with how many at most
  open: new Set(), // communities whose members are drawn
});
const state = {
  ...unfiltered(),
  ring: null, // the entity whose neighbourhood alone is drawn
  selected: null, // { kind: "entity" | "statement", id }
};
const NEIGHBOURS = 60; // as many are drawn with an entity that is chosen
let drawn = new Set(); // entities that the view holds, whatever the filters say
// What the filters leave; members by closed community, statements between drawn entities and closed communities.
const seen = { nodes: new Set(), edges: new Set(), closed: new Map(), ties: new Map() };

function takeDrawn() {
  if (state.view === "communities") drawn = new Set([...state.open].flatMap((c) => communities[c]));
  else drawn = new Set(state.view === "all" ? entities.keys() : facts.first);
  if (state.view === "connected") for (const [entity, most] of state.expanded) drawNeighbours(entity, most);
}

function drawNeighbours(entity, most) {
  const more = hiddenNeighbours(entity).sort((a, b) => edgesOf[b].length - edgesOf[a].length || a - b);
  drawn.add(entity);
  for (const i of more.slice(0, most)) drawn.add(i);
}

const byCommunity = () => state.view === "communities" && state.ring === null;

function recompute() {
  takeDrawn();
  const ring = state.ring === null ? null : neighboursOf(state.ring).add(state.ring);
  const open = (entity) =>
    (ring ? ring.has(entity) : drawn.has(entity)) && !state.withoutClasses.has(entities[entity].cls);
  seen.nodes = new Set();
  seen.edges = new Set();
  seen.closed = new Map();
  seen.ties = new Map();
  if (byCommunity()) gather();
  statements.forEach((statement, i) => {
    if (!passes(i) || !open(statement.subject) || !open(statement.object)) return;
    seen.edges.add(i);
    seen.nodes.add(statement.subject).add(statement.object);
  });
  if (state.loose && !ring) {
    const mayDraw = (i) => drawn.has(i) || edgesOf[i].length === 0;
    entities.forEach((entity, i) => {
      if (mayDraw(i) && !state.withoutClasses.has(entity.cls) && isNamedIn(entity)) seen.nodes.add(i);
    });
  }
  for (const end of selectedEnds()) seen.nodes.add(end);
  if (state.selected?.kind === "statement") seen.edges.add(state.selected.id);
  if (state.ring !== null) seen.nodes.add(state.ring);
}

// Finds who is in closed communities, and what ties these to others; places are entities, and after them communities.
function gather() {
  const kept = (entity) => !state.withoutClasses.has(entities[entity].cls);
  const placeOf = (entity) => (drawn.has(entity) ? entity : entities.length + communityOf.get(entity));
  statements.forEach(({ subject, object }, i) => {
    if (!passes(i) || !kept(subject) || !kept(object)) return;
    for (const end of [subject, object]) {
      const community = communityOf.get(end);
      if (drawn.has(end)) seen.nodes.add(end);
      else if (seen.closed.has(community)) seen.closed.get(community).add(end);
      else seen.closed.set(community, new Set([end]));
    }
    const [from, to] = [placeOf(subject), placeOf(object)].sort((a, b) => a - b);
    if (from === to || to < entities.length) return;
    const tie = from * (entities.length + communities.length) + to;
    if (!seen.ties.has(tie)) seen.ties.set(tie, { from, to, count: 0 });
    seen.ties.get(tie).count += 1;
  });
}

function passes(i) {
  const statement = statements[i];
  if (state.withoutRelations.has(statement.relation) || state.withoutModalities.has(statement.modality)) return false;
  if (documentsOf[i].size < state.said && state.said > 1) return false;
  return (state.document < 0 || documentsOf[i].has(state.document)) && isWithin(facts.times[i]);
}

function isWithin(spans) {
  if (!spans.length) return state.undated;
  return spans.some(([first, last]) => first <= days[state.to] && last >= days[state.from]);
}

function isNamedIn(entity) {
  return state.document < 0 || entity.mentions.some(([document]) => document === state.document);
}

const selectedEnds = () => endsOf(state.selected);

function endsOf(what) {
  if (!what) return [];
  if (what.kind === "entity") return [what.id];
  const { subject, object } = statements[what.id];
  return [subject, object];
}

// What stays bright beside the selection; null when nothing is selected.
function lit() {
  if (!state.selected) return null;
  const nodes = new Set(selectedEnds());
  const edges = new Set();
  if (state.selected.kind === "statement") edges.add(state.selected.id);
  else {
    for (const i of edgesOf[state.selected.id]) {
      if (!seen.edges.has(i)) continue;
      edges.add(i);
      nodes.add(otherEnd(statements[i], state.selected.id));
    }
  }
  return { nodes, edges };
}

function hiddenNeighbours(entity) {
  return [...neighboursOf(entity)].filter((i) => !drawn.has(i));
}
