// Selection, permalinks and keys.

const side = byId("side");
const LEGIBLE = 0.4; // the least scale of the first view on a small screen
const DISC = 14; // pixels: so large a community of common size is drawn there at least

function select(what, { focusPanel = false, stay = false } = {}) {
  const before = state.selected;
  let goBack = false; // to the list, where the keyboard came from
  if (what?.kind === before?.kind && what?.id === before?.id) return;
  state.selected = what;
  reveal(what);
  const hash = addressOf(what);
  if (location.hash !== hash && (what || location.hash)) history.pushState(null, "", hash || "#");
  redraw();
  if (what) {
    showPanel();
    openSide(false);
    network.selectNodes([]);
    setTimeout(() => {
      if (!state.selected) return;
      if (stay) bringIntoView(selectedEnds());
      else fit([...lit().nodes]);
    }, 60); // by then the panel has taken its room
    if (focusPanel) panel.focus();
  } else {
    goBack = panel.contains(document.activeElement);
    panel.hidden = true;
  }
  markCurrent();
  showStatus();
  if (goBack) (byId("list").querySelector(`[data-entity="${before?.id}"]`) ?? search).focus();
}

// Draws what is chosen, and of the neighbours of an entity the most connected.
function reveal(what) {
  if (!what || state.ring !== null) return;
  if (state.view === "communities") endsOf(what).forEach((end) => expand(end, 0));
  else if (what.kind === "entity") expand(what.id, NEIGHBOURS);
}

function expand(entity, most) {
  if (state.view === "communities") {
    for (const i of most ? [entity, ...neighboursOf(entity)] : [entity]) if (communityOf.has(i)) state.open.add(communityOf.get(i));
  } else if (state.view === "connected" && !(state.expanded.get(entity) >= most) && (!drawn.has(entity) || hiddenNeighbours(entity).length)) {
    state.expanded.set(entity, most);
  }
  takeDrawn();
}

function drawAllNeighbours(entity) {
  expand(entity, Infinity);
  viewChanged();
}

function setRing(entity) {
  state.ring = entity;
  viewChanged();
  fit();
}

function setView(view) {
  state.view = view;
  state.open.clear();
  state.ring = null;
  reveal(state.selected);
  viewChanged();
  fitView();
}

function fitView() {
  if (byCommunity() && state.open.size) fit(membersSeen([...state.open].at(-1)));
  else if (byCommunity()) fit(null, upright ? DISC / (unit * Math.sqrt(communities[communities.length >> 1].length)) : 0);
  else fit();
}

function viewChanged() {
  history.pushState(null, "", addressOf(state.selected) || "#");
  redraw();
  if (state.selected) showPanel();
  listCommunities();
  showStatus();
}

function openSide(open) {
  side.classList.toggle("open", open);
  byId("toggle-side").setAttribute("aria-expanded", `${open}`);
}

function followHash() {
  const raw = location.hash.slice(1);
  const [key, ...rest] = keys.has(decoded(raw)) ? [raw] : raw.split("?");
  const { ring, view } = state;
  const changed = takeFilters(rest.join("?"));
  const found = keys.get(decoded(key)) ?? keys.get(key) ?? keys.get(decoded(key).split(/[/#]/).at(-1)) ?? null; // an IRI, too
  reveal(found);
  if (changed) {
    redraw();
    showList();
    showStatus();
  }
  if (found || !key) select(found);
  if (state.ring !== ring || state.view !== view) {
    if (state.selected) showPanel(); // its tools name the way back
    fitView();
  }
  return found !== null || changed;
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // not percent-encoded: taken as it is
  }
}

network.on("click", ({ nodes, edges, pointer }) => {
  const community = communityAt(pointer);
  if (nodes.length) select({ kind: "entity", id: nodes[0] }, { stay: true });
  else if (community !== null) toggleCommunity(community);
  else if (edges.length) select({ kind: "statement", id: edges[0] }, { stay: true });
  else select(null);
});
network.on("doubleClick", ({ nodes }) => {
  if (nodes.length) setRing(state.ring === nodes[0] ? null : nodes[0]);
});
byId("zoom-in").addEventListener("click", () => zoom(1.4));
byId("zoom-out").addEventListener("click", () => zoom(1 / 1.4));
byId("zoom-fit").addEventListener("click", () => fit());
byId("show-all").addEventListener("click", () => {
  if (state.ring === null) setView("all");
  else setRing(null);
});
byId("show-connected").addEventListener("click", () => setView("connected"));
byId("show-communities").addEventListener("click", () => setView("communities"));
byId("close-communities").addEventListener("click", () => setView("communities"));
byId("toggle-side").addEventListener("click", () => openSide(!side.classList.contains("open")));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    if (side.classList.contains("open")) openSide(false);
    else if (state.selected) select(null);
    else if (state.ring !== null) setRing(null);
    else if (byCommunity() && state.open.size) toggleCommunity([...state.open].at(-1));
  } else if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName)) {
    event.preventDefault();
    search.focus();
  }
});
addEventListener("popstate", followHash);

buildFilters();
showList();
showStatus();
fit(undefined, upright ? LEGIBLE : 0);
if (!followHash() && facts.focus !== null) {
  state.ring = facts.focus;
  select({ kind: "entity", id: facts.focus });
}
document.documentElement.dataset.ready = "true";
