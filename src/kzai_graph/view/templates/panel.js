// The panel: all that is known of an entity or a statement, each fact with the sentences that say it.

const panel = document.getElementById("panel");
const OPEN_FACTS = 12; // with more facts than these, sentences open on demand

function showPanel() {
  const { kind, id } = state.selected;
  const content = kind === "entity" ? entityPanel(id) : statementPanel(id);
  const close = make("button", { type: "button", class: "close", "aria-label": "Close details", onclick: () => select(null) }, "×");
  panel.replaceChildren(close, ...content);
  panel.hidden = false;
  panel.scrollTop = 0;
}

function entityPanel(id) {
  const entity = entities[id];
  const out = edgesOf[id].filter((i) => statements[i].subject === id);
  const into = edgesOf[id].filter((i) => statements[i].subject !== id);
  const open = out.length + into.length <= OPEN_FACTS;
  const parts = [
    make("p", { class: "kind" }, icon(entity.cls), classes[entity.cls].label),
    make("h2", {}, data(entity.label)),
    entity.names.length ? make("p", { class: "names" }, "Also: ", ...joined(entity.names.map(data))) : null,
    tools(id),
  ];
  parts.push(...factList("Facts", out, id, open), ...factList("Facts with it as object", into, id, open));
  const stages = milestonesOf.get(id) ?? [];
  if (stages.length) parts.push(make("h3", {}, "Stages"), ...stages.map(milestone));
  const successions = successionsOf.get(id) ?? [];
  if (successions.length) parts.push(make("h3", {}, "Successions"), ...successions.map(succession));
  const numbers = observationsOf.get(id) ?? [];
  if (numbers.length) parts.push(make("h3", {}, "Numbers"), ...numbers.map(observation));
  const quotes = quotesOf.get(id) ?? [];
  if (quotes.length) parts.push(make("h3", {}, "Quotes"), ...quotes.map((quote) => cite(quote.text, quote.sentences[0], [], true)));
  if (entity.mentions.length) {
    const rows = entity.mentions.map(([document, count]) =>
      make("li", {}, facts.texts[document] === null ? data(documents[document].name) : make("a", { href: facts.texts[document] }, data(documents[document].name)), ` · ${count} ${count === 1 ? "mention" : "mentions"}`),
    );
    parts.push(make("h3", {}, "Named in"), make("ul", { class: "named" }, ...rows));
  }
  parts.push(make("p", { class: "iri" }, data(entity.iri)));
  return parts.filter(Boolean);
}

function tools(id) {
  const ring = make(
    "button",
    { type: "button", onclick: () => setRing(state.ring === id ? null : id) },
    state.ring === id ? "Show the whole network" : "Only its neighbourhood",
  );
  const hidden = state.ring === null ? hiddenNeighbours(id).length : 0;
  const more = hidden
    ? make("button", { type: "button", onclick: () => drawAllNeighbours(id) }, `Draw ${hidden} more neighbours`)
    : null;
  const home = byCommunity() ? communityOf.get(id) : undefined;
  const close = home === undefined ? null : make("button", { type: "button", onclick: () => toggleCommunity(home) }, "Close its community");
  return make("p", { class: "tools" }, ring, more, close);
}

function factList(title, ids, entity, open) {
  if (!ids.length) return [];
  const order = [...ids].sort((a, b) => statements[a].relation.localeCompare(statements[b].relation, "en") || a - b);
  return [make("h3", {}, title, " ", make("span", { class: "count" }, `${ids.length}`)), ...order.map((i) => fact(i, entity, open))];
}

function fact(i, entity, open) {
  const statement = statements[i];
  const relation = make("button", { type: "button", class: "relation", onclick: () => select({ kind: "statement", id: i }) }, relations[statement.relation]);
  const ends = statement.subject === entity ? [relation, " ", link(statement.object)] : [link(statement.subject), " ", relation];
  const count = statement.evidence.length;
  const evidence = make("details", { class: "evidence" }, make("summary", {}, `${count} ${count === 1 ? "sentence" : "sentences"}`), ...evidenceOf(statement));
  evidence.open = open;
  return make("div", { class: "fact" }, make("p", { class: isVoid(i) ? "void" : null }, ...ends, ...badges(statement), ...revision(i)), evidence);
}

function statementPanel(id) {
  const statement = statements[id];
  return [
    make("p", { class: "kind" }, "Statement"),
    make("h2", { class: isVoid(id) ? "triple void" : "triple" }, link(statement.subject), " ", make("span", { class: "relation" }, relations[statement.relation]), " ", link(statement.object)),
    make("p", { class: isVoid(id) ? "void" : null }, ...badges(statement), ...revision(id)),
    make("h3", {}, "Evidence ", make("span", { class: "count" }, `${statement.evidence.length}`)),
    ...evidenceOf(statement),
  ];
}

function badges(statement) {
  const found = [];
  const add = (cls, ...content) => found.push(" ", make("span", { class: `badge ${cls}` }, ...content));
  add(statement.modality.toLowerCase(), statement.modality.toLowerCase());
  if (statement.stage) add("", "stage: ", data(statement.stage));
  if (statement.date) add("", data(showDate(statement.date)));
  if (statement.deadline) add("due", "due ", data(showDate(statement.deadline)));
  if (statement.amount) add("", data([showNumber(statement.amount), statement.currency].filter(Boolean).join(" ")));
  if (statement.attributed !== null) add("", "according to ", link(statement.attributed));
  return found;
}

const isVoid = (i) => facts.revisions[i]?.void ?? false;

// What a later text says of a statement, with the way to it.
function revision(i) {
  const found = facts.revisions[i];
  if (!found) return [];
  const what = { kind: "statement", id: found.by };
  return [" ", anchor("badge revised", what, `later (${showDate(found.told)}): `, data(found.note))];
}

function evidenceOf(statement) {
  const ends = new Set([statement.subject, statement.object]);
  return statement.evidence.map(([sentence, begin, end]) => {
    const marks = sentences[sentence].marks.filter((mark) => ends.has(mark[2])).map(([b, e]) => [b, e, "end"]);
    marks.sort((a, b) => b[1] - b[0] - (a[1] - a[0]) || a[0] - b[0]);
    return cite(sentences[sentence].text, sentence, [...marks, [begin, end, "trigger"]], false);
  });
}

// A piece of a document with where it stands; marks are taken in order, those that overlap earlier ones dropped.
function cite(text, sentence, marks, spoken) {
  const kept = [];
  for (const [begin, end, cls] of marks) {
    if (begin < end && kept.every(([b, e]) => end <= b || e <= begin)) kept.push([begin, end, cls]);
  }
  kept.sort((a, b) => a[0] - b[0]);
  const pieces = [];
  let place = 0;
  for (const [begin, end, cls] of kept) {
    pieces.push(text.slice(place, begin), make("mark", { class: cls }, text.slice(begin, end)));
    place = end;
  }
  pieces.push(text.slice(place));
  const quote = make("blockquote", { dir: "auto", class: spoken ? "spoken" : null }, ...pieces);
  return make("figure", {}, quote, sentence === undefined ? null : make("figcaption", {}, ...source(sentences[sentence])));
}

function source({ document, begin }) {
  const { name, title, date } = documents[document];
  const page = facts.texts[document];
  const where = page === null
    ? make("span", { class: "file" }, data(name), `, character ${begin}`)
    : make("a", { class: "file", href: `${page}#c${begin}` }, data(name), `, character ${begin}`);
  return [title ? data(title) : null, title ? " · " : null, date ? make("time", {}, showDate(date)) : null, date ? " · " : null, where];
}

const citations = (places) => places.map((place) => cite(sentences[place].text, place, [], false));

function milestone({ stage, modality, date, deadline, by, sentences: places }) {
  const said = badges({ modality, date, deadline, stage: null, amount: null, attributed: null });
  const who = by === null ? [] : [" by ", link(by)];
  return make("div", { class: "fact" }, make("p", {}, data(facts.stages[stage]), ...said, ...who), ...citations(places));
}

function succession({ former, successor, modality, date, sentences: places }) {
  const said = badges({ modality, date, deadline: null, stage: null, amount: null, attributed: null });
  const became = make("span", { class: "relation" }, " became ");
  return make("div", { class: "fact" }, make("p", {}, link(former), became, link(successor), ...said), ...citations(places));
}

function observation({ value, unit, period, indicator, modality, sentences: places }) {
  const line = [make("strong", {}, data([showNumber(value), unit].filter(Boolean).join(" ")))];
  if (indicator) line.push(" ", data(indicator));
  if (period) line.push(" ", make("span", { class: "badge" }, data(showDate(period))));
  if (modality !== "Asserted") line.push(" ", make("span", { class: `badge ${modality.toLowerCase()}` }, modality.toLowerCase()));
  return make("div", { class: "fact" }, make("p", {}, ...line), ...citations(places));
}

function link(id) {
  const label = entities[id].label.trim() || entities[id].key;
  return anchor("entity", { kind: "entity", id }, icon(entities[id].cls), data(label));
}

function anchor(cls, what, ...content) {
  const follow = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault(); // the address alone would drop the filters
    select(what);
  };
  return make("a", { class: cls, href: `#${encodeURIComponent(keyOf(what))}`, onclick: follow }, ...content);
}

function joined(items) {
  return items.flatMap((item, n) => (n ? [", ", item] : [item]));
}
