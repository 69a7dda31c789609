// Selection, permalinks and keys.

const side = byId("side");
const LEGIBLE = 0.4; // the least scale of the first view on a small screen

function select(what, { focusPanel = false, stay = false } = {}) {
  const before = state.selected;
  let goBack = false; // to the list, where the keyboard came from
  if (what?.kind === before?.kind && what?.id === before?.id) return;
  state.selected = what;
  if (what?.kind === "entity" && state.ring === null && facts.first) expand(what.id, 60);
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

function expand(entity, most) {
  const more = hiddenNeighbours(entity).sort((a, b) => edgesOf[b].length - edgesOf[a].length || a - b);
  state.drawn.add(entity);
  for (const i of more.slice(0, most)) state.drawn.add(i);
  if (most === Infinity) {
    redraw();
    showPanel();
    showStatus();
  }
}

function setRing(entity) {
  state.ring = entity;
  history.pushState(null, "", addressOf(state.selected) || "#");
  redraw();
  if (state.selected) showPanel();
  showStatus();
  fit();
}

function openSide(open) {
  side.classList.toggle("open", open);
  byId("toggle-side").setAttribute("aria-expanded", `${open}`);
}

function followHash() {
  const raw = location.hash.slice(1);
  const [key, ...rest] = keys.has(decoded(raw)) ? [raw] : raw.split("?");
  const ring = state.ring;
  const changed = takeFilters(rest.join("?"));
  const found = keys.get(decoded(key)) ?? keys.get(key) ?? keys.get(decoded(key).split(/[/#]/).at(-1)) ?? null; // an IRI, too
  if (changed) {
    redraw();
    showList();
    showStatus();
  }
  if (found || !key) select(found);
  if (state.ring !== ring) {
    if (state.selected) showPanel(); // its tools name the way back
    fit();
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

network.on("click", ({ nodes, edges }) => {
  if (nodes.length) select({ kind: "entity", id: nodes[0] }, { stay: true });
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
  if (state.ring === null) state.drawn = new Set(entities.keys());
  setRing(null);
});
byId("toggle-side").addEventListener("click", () => openSide(!side.classList.contains("open")));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    if (side.classList.contains("open")) openSide(false);
    else if (state.selected) select(null);
    else if (state.ring !== null) setRing(null);
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
