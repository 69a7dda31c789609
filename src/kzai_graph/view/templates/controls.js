// The list of entities, and the search.

const byId = (id) => document.getElementById(id);
const MAX_LISTED = 400;
const MAX_SUGGESTED = 12;

function showList() {
  const shown = entities.map((_, i) => i).filter((i) => !state.withoutClasses.has(entities[i].cls) && isNamedIn(entities[i]));
  const rows = shown.slice(0, MAX_LISTED).map((i) => {
    const button = make("button", { type: "button", "data-entity": `${i}`, onclick: () => select({ kind: "entity", id: i }) }, icon(entities[i].cls), make("span", {}, data(entities[i].label)));
    if (edgesOf[i].length) button.append(make("span", { class: "count" }, `${edgesOf[i].length}`));
    return make("li", {}, button);
  });
  if (shown.length > MAX_LISTED) rows.push(make("li", { class: "more" }, `and ${shown.length - MAX_LISTED} more: search for them`));
  byId("list").replaceChildren(...rows);
  listCommunities();
  byId("list-count").textContent = `${shown.length}`;
  markCurrent();
}

function markCurrent() {
  byId("list").querySelector("[aria-current]")?.removeAttribute("aria-current");
  if (state.selected?.kind === "entity") byId("list").querySelector(`[data-entity="${state.selected.id}"]`)?.setAttribute("aria-current", "true");
}

function showStatus() {
  const total = entities.length;
  const what = state.ring === null ? "" : `Neighbourhood of ${entities[state.ring].label}: `;
  const closed = byCommunity() ? `${seen.closed.size} closed communities; ` : "";
  byId("status-text").textContent = `${what}${closed}${seen.nodes.size} of ${total} entities and ${seen.edges.size} of ${statements.length} statements drawn`;
  byId("show-all").hidden = state.ring === null && state.view === "all";
  for (const view of ["connected", "communities"]) byId(`show-${view}`).hidden = !facts.first || state.ring !== null || state.view === view;
  byId("close-communities").hidden = !byCommunity() || !state.open.size;
}

// Search: a combobox after the ARIA practices; the suggestions are names with what bears them.
const search = byId("search");
const suggestions = byId("suggestions");
const names = entities.flatMap((entity, i) => [entity.label, ...entity.names].map((name) => ({ i, name, folded: fold(name) })));
let current = -1;

function suggest() {
  const wanted = fold(search.value.trim());
  const best = new Map();
  if (wanted) {
    for (const { i, name, folded } of names) {
      const at = folded.indexOf(wanted);
      if (at < 0) continue;
      const rank = at === 0 ? 0 : /[\p{L}\p{N}]/u.test(folded[at - 1]) ? 2 : 1;
      if (!best.has(i) || best.get(i).rank > rank) best.set(i, { i, name, rank });
    }
  }
  const found = [...best.values()].sort((a, b) => a.rank - b.rank || edgesOf[b.i].length - edgesOf[a.i].length || a.i - b.i);
  current = -1;
  suggestions.replaceChildren(
    ...found.slice(0, MAX_SUGGESTED).map(({ i, name }, n) => {
      const item = make("li", { role: "option", id: `suggestion-${n}`, "data-entity": `${i}`, "aria-selected": "false" }, icon(entities[i].cls), data(name));
      if (name !== entities[i].label) item.append(make("span", { class: "count" }, "→ ", data(entities[i].label)));
      item.addEventListener("mousedown", (event) => {
        event.preventDefault();
        choose(i);
      });
      return item;
    }),
  );
  if (wanted && !found.length) suggestions.replaceChildren(make("li", { class: "none" }, "No such name"));
  openSuggestions(Boolean(wanted));
}

function openSuggestions(open) {
  suggestions.hidden = !open;
  search.setAttribute("aria-expanded", `${open}`);
  if (!open) search.removeAttribute("aria-activedescendant");
}

function choose(i) {
  search.value = "";
  openSuggestions(false);
  select({ kind: "entity", id: i }, { focusPanel: true });
}

function step(by) {
  const options = [...suggestions.querySelectorAll("[role=option]")];
  if (!options.length) return;
  current = (current + by + options.length + (current < 0 && by < 0 ? 1 : 0)) % options.length;
  options.forEach((option, n) => option.setAttribute("aria-selected", `${n === current}`));
  options[current].scrollIntoView({ block: "nearest" });
  search.setAttribute("aria-activedescendant", options[current].id);
}

search.addEventListener("input", suggest);
search.addEventListener("blur", () => openSuggestions(false));
search.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown") step(1);
  else if (event.key === "ArrowUp") step(-1);
  else if (event.key === "Enter") {
    const option = suggestions.querySelectorAll("[role=option]")[Math.max(current, 0)];
    if (option && !suggestions.hidden) choose(Number(option.dataset.entity));
  } else if (event.key === "Escape" && !suggestions.hidden) {
    event.stopPropagation();
    openSuggestions(false);
  } else return;
  event.preventDefault();
});
