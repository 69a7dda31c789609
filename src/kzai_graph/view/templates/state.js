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
});
const state = {
  ...unfiltered(),
  drawn: new Set(facts.first ?? entities.keys()),
  ring: null, // the entity whose neighbourhood alone is drawn
  selected: null, // { kind: "entity" | "statement", id }
};
const seen = { nodes: new Set(), edges: new Set() };

function recompute() {
  const ring = state.ring === null ? null : neighboursOf(state.ring).add(state.ring);
  const open = (entity) =>
    (ring ? ring.has(entity) : state.drawn.has(entity)) && !state.withoutClasses.has(entities[entity].cls);
  seen.nodes = new Set();
  seen.edges = new Set();
  statements.forEach((statement, i) => {
    if (!passes(i) || !open(statement.subject) || !open(statement.object)) return;
    seen.edges.add(i);
    seen.nodes.add(statement.subject).add(statement.object);
  });
  if (state.loose && !ring) {
    const mayDraw = (i) => state.drawn.has(i) || edgesOf[i].length === 0;
    entities.forEach((entity, i) => {
      if (mayDraw(i) && !state.withoutClasses.has(entity.cls) && isNamedIn(entity)) seen.nodes.add(i);
    });
  }
  for (const end of selectedEnds()) seen.nodes.add(end);
  if (state.selected?.kind === "statement") seen.edges.add(state.selected.id);
  if (state.ring !== null) seen.nodes.add(state.ring);
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

function selectedEnds() {
  if (!state.selected) return [];
  if (state.selected.kind === "entity") return [state.selected.id];
  const { subject, object } = statements[state.selected.id];
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
  return [...neighboursOf(entity)].filter((i) => !state.drawn.has(i));
}
