// Filters, and the part of the address that keeps them.

const SETS = [["modality", "withoutModalities"], ["class", "withoutClasses"], ["relation", "withoutRelations"]];
const boxes = { modality: [], class: [], relation: [] };

function checkList(kind, host, items) {
  const off = () => state[SETS.find(([name]) => name === kind)[1]];
  for (const { value, label, count, mark } of items) {
    const box = make("input", { type: "checkbox", value });
    box.addEventListener("change", () => {
      if (box.checked) off().delete(value);
      else off().add(value);
      filtersChanged();
    });
    host.append(make("li", {}, make("label", { class: "check" }, box, mark, make("span", {}, label), make("span", { class: "count" }, `${count}`))));
    boxes[kind].push(box);
  }
  return (checked) => {
    for (const { value } of boxes[kind]) {
      if (checked) off().delete(value);
      else off().add(value);
    }
    showFilters();
    filtersChanged();
  };
}

function countBy(items, key) {
  const counts = new Map();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return counts;
}

function line(modality) {
  return make("span", { class: `line ${modality.toLowerCase()}`, "aria-hidden": "true" });
}

function buildFilters() {
  const ofModality = countBy(statements, (statement) => statement.modality);
  const modalities = MODALITIES.map((value) => ({ value, label: value.toLowerCase(), count: ofModality.get(value) ?? 0, mark: line(value) }));
  checkList("modality", byId("modalities"), modalities);
  const ofClass = countBy(entities, (entity) => entity.cls);
  const classItems = Object.keys(classes).map((value) => ({ value, label: classes[value].label, count: ofClass.get(value), mark: icon(value) }));
  const setClasses = checkList("class", byId("classes"), classItems);
  const ofRelation = countBy(statements, (statement) => statement.relation);
  const relationItems = Object.keys(relations).map((value) => ({ value, label: relations[value], count: ofRelation.get(value), mark: null }));
  const setRelations = checkList("relation", byId("relations"), relationItems);
  for (const [id, set, value] of [["classes-all", setClasses, true], ["classes-none", setClasses, false], ["relations-all", setRelations, true], ["relations-none", setRelations, false]]) {
    byId(id).addEventListener("click", () => set(value));
  }
  byId("document").append(make("option", { value: "-1" }, "All documents"), ...documents.map((d, i) => make("option", { value: `${i}` }, d.title ? `${d.name} · ${d.title}` : d.name)));
  onChange("document", "value", (value) => (state.document = Number(value)));
  onChange("loose", "checked", (value) => (state.loose = value));
  onChange("undated", "checked", (value) => (state.undated = value));
  const most = documentsOf.reduce((most, { size }) => Math.max(most, size), 1);
  byId("said").max = most;
  byId("said-box").hidden = most < 2;
  onChange("said", "value", (value) => {
    state.said = Math.min(Math.max(Math.round(Number(value)) || 1, 1), most);
    byId("said").value = state.said;
  });
  buildDates(filtersChanged);
  showFilters();
}

function onChange(id, property, take) {
  byId(id).addEventListener("change", (event) => {
    take(event.target[property]);
    filtersChanged();
  });
}

function filtersChanged() {
  history.replaceState(null, "", addressOf(state.selected) || "#");
  redraw();
  showList();
  showStatus();
}

// Sets all controls to what is chosen.
function showFilters() {
  for (const [kind, set] of SETS) for (const box of boxes[kind]) box.checked = !state[set].has(box.value);
  byId("document").value = `${state.document}`;
  byId("loose").checked = state.loose;
  byId("undated").checked = state.undated;
  byId("said").value = `${state.said}`;
  showDates();
}

// An address is "#KEY?FILTERS"; both parts may be missing, and only what differs from the first view is written.
function addressOf(what) {
  const parts = new URLSearchParams();
  const plain = unfiltered();
  for (const [name, set] of SETS) {
    const off = [...state[set]].sort().join(" ");
    if (off !== [...plain[set]].sort().join(" ")) parts.set(`no-${name}`, off);
  }
  if (state.document >= 0) parts.set("document", documents[state.document].name);
  if (state.loose !== plain.loose) parts.set("loose", state.loose ? "yes" : "no");
  if (state.from !== plain.from) parts.set("from", days[state.from]);
  if (state.to !== plain.to) parts.set("to", days[state.to]);
  if (!state.undated) parts.set("undated", "no");
  if (state.said > 1) parts.set("said", `${state.said}`);
  if (state.ring !== null) parts.set("around", entities[state.ring].key);
  if (state.view !== plain.view) parts.set("view", state.view);
  for (const [name, entries] of Object.entries(expandedParts(what))) if (entries.length) parts.set(name, entries.map((i) => entities[i].key).join(" "));
  const [key, filters] = [what ? encodeURIComponent(keyOf(what)) : "", `${parts}`];
  return key || filters ? `#${key}${filters && "?"}${filters}` : "";
}

// What was opened by hand, as entities: a community goes by its most connected member. The key itself says that it is drawn.
function expandedParts(what) {
  if (state.view === "communities") return { open: [...state.open].map((c) => hubsOf[c][0]) };
  if (state.view === "all") return {};
  const found = [...state.expanded];
  const [last, most] = found.at(-1) ?? [];
  if (what?.kind === "entity" && what.id === last && most === NEIGHBOURS) found.pop();
  return { expanded: found.map(([i]) => i), whole: found.filter(([, n]) => n === Infinity).map(([i]) => i) };
}

function takeExpanded(parts, taken) {
  const named = (name) => (parts.get(name) ?? "").split(" ").map((key) => keys.get(key)).filter((found) => found?.kind === "entity").map(({ id }) => id);
  if (facts.first && ["communities", "all"].includes(parts.get("view"))) taken.view = parts.get("view");
  const whole = new Set(named("whole"));
  if (taken.view === "connected") for (const i of named("expanded")) taken.expanded.set(i, whole.has(i) ? Infinity : NEIGHBOURS);
  for (const i of named("open")) if (communityOf.has(i)) taken.open.add(communityOf.get(i));
}

// What an address says besides its key; what it does not name stays as in the first view.
function takeFilters(written) {
  const parts = new URLSearchParams(written);
  const taken = unfiltered();
  for (const [name, set] of SETS) {
    const known = new Set(boxes[name].map(({ value }) => value));
    if (parts.has(`no-${name}`)) taken[set] = new Set(parts.get(`no-${name}`).split(" ").filter((value) => known.has(value)));
  }
  taken.document = documents.findIndex(({ name }) => name === parts.get("document"));
  if (parts.has("loose")) taken.loose = parts.get("loose") === "yes";
  taken.undated = parts.get("undated") !== "no";
  taken.said = Math.min(Math.max(Math.round(Number(parts.get("said"))) || 1, 1), Number(byId("said").max));
  const [from, to] = [parts.get("from"), parts.get("to")];
  if (from) taken.from = Math.max(days.findIndex((day) => day >= from), 0);
  if (to) taken.to = Math.max(days.findLastIndex((day) => day <= to), taken.from);
  const around = keys.get(parts.get("around"));
  taken.ring = around?.kind === "entity" ? around.id : null;
  takeExpanded(parts, taken);
  const before = addressOf(null);
  Object.assign(state, taken);
  takeDrawn();
  showFilters();
  return addressOf(null) !== before;
}
