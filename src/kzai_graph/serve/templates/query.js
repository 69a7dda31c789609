// The query page: editor, questions, answers. Text of the graph only ever becomes textContent.
import { EditorView, EditorState, HighlightStyle, basicSetup, keymap, languages, oneDarkHighlightStyle, syntaxHighlighting, Compartment, Prec } from "/query/editor/index.js";

const byId = (id) => document.getElementById(id);
const nonce = document.querySelector('meta[name="nonce"]').content;
const MAX_DRAWN = 300;
const RESULTS = "application/sparql-results+json";
const RDF_TYPES = { Turtle: "text/turtle", "N-Triples": "application/n-triples", "JSON-LD": "application/ld+json" };
const ROW_TYPES = { CSV: "text/csv", JSON: RESULTS, Markdown: "text/markdown" };
let card = null;
let asked = null;

function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "onclick") element.addEventListener("click", value);
    else if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

// ---------------------------------------------------------------- editor

const language = new Compartment();
const look = new Compartment();
const isDark = matchMedia("(prefers-color-scheme: dark)");
const FAINT = "#7d8799"; // the editor's colour of comments on dark ground: too faint to read
const brighter = oneDarkHighlightStyle.specs.map((spec) => (spec.color === FAINT ? { ...spec, color: "#a2abb5" } : spec));
const darkLook = [syntaxHighlighting(HighlightStyle.define(brighter)), EditorView.theme({}, { dark: true })];
let known = { prefixes: {}, terms: [] };

function completions(context) {
  const word = context.matchBefore(/[A-Za-z][\w-]*:?[\w-]*/);
  if (!word && !context.explicit) return null;
  const from = word ? word.from : context.pos;
  const options = Object.keys(known.prefixes).map((prefix) => ({ label: `${prefix}:`, type: "namespace", detail: known.prefixes[prefix] }));
  for (const iri of known.terms) {
    const short = shorten(iri);
    if (short !== iri) options.push({ label: short, type: /[:#/][A-Z]\w*$/.test(short) ? "class" : "property" });
  }
  for (const keyword of KEYWORDS) options.push({ label: keyword, type: "keyword" });
  return { from, options, validFor: /^[\w:-]*$/ };
}
const KEYWORDS = ("SELECT DISTINCT WHERE OPTIONAL FILTER UNION MINUS VALUES BIND GRAPH CONSTRUCT DESCRIBE ASK " +
  "EXISTS COUNT GROUP HAVING ORDER BY ASC DESC LIMIT OFFSET COALESCE CONTAINS REGEX LCASE STR LANG PREFIX").split(" ");

function shorten(iri) {
  let best = null;
  for (const [prefix, start] of Object.entries(known.prefixes)) {
    if (iri.startsWith(start) && iri.length > start.length && (!best || start.length > best[1].length)) best = [prefix, start];
  }
  return best ? `${best[0]}:${iri.slice(best[1].length)}` : iri;
}

const editor = new EditorView({
  parent: byId("editor"),
  state: EditorState.create({
    doc: byId("start").value,
    extensions: [
      EditorView.cspNonce.of(nonce),
      Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => (run(), true) }])),
      basicSetup,
      language.of([]),
      look.of(isDark.matches ? darkLook : []),
      EditorState.languageData.of(() => [{ autocomplete: completions }]),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": "SPARQL query" }),
      EditorView.theme({ ".cm-scroller": { maxHeight: "44vh", overflow: "auto" }, ".cm-content": { caretColor: "currentColor" }, ".cm-activeLine": { backgroundColor: "transparent" } }),
    ],
  }),
});
editor.scrollDOM.tabIndex = 0; // scrolled by keyboard, too
editor.scrollDOM.setAttribute("role", "region");
editor.scrollDOM.setAttribute("aria-label", "Editor");
isDark.addEventListener("change", () => editor.dispatch({ effects: look.reconfigure(isDark.matches ? darkLook : []) }));
languages.find((l) => l.name === "SPARQL")?.load().then((support) => editor.dispatch({ effects: language.reconfigure(support) }));

const text = () => editor.state.doc.toString();
const setText = (value) => editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });

// ---------------------------------------------------------------- questions

async function start() {
  known = await (await fetch("/query/terms.json")).json();
  const cards = await (await fetch("/query/questions.json")).json();
  showCards(cards);
  byId("filter").addEventListener("input", () => showCards(cards));
}

function showCards(cards) {
  const wanted = byId("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = cards.filter((c) => wanted.every((w) => `${c.question} ${c.name}`.toLowerCase().includes(w)));
  const parts = [];
  for (const folder of new Set(shown.map((c) => c.folder))) {
    const list = make("ul", { "aria-label": folder || "questions" });
    for (const c of shown.filter((one) => one.folder === folder)) {
      list.append(make("li", {}, make("button", { type: "button", title: c.name, "aria-current": c === card ? "true" : null, onclick: () => take(c, cards) }, c.question)));
    }
    parts.push(make("h3", {}, folder || "questions"), list);
  }
  if (!parts.length) parts.push(make("p", { class: "hint" }, "no question has these words"));
  byId("cards").replaceChildren(...parts);
}

function take(chosen, cards) {
  card = chosen;
  setText(card.text);
  const form = byId("parameters");
  form.replaceChildren(...card.parameters.map((p) =>
    make("label", {}, `${p.name} (${p.type.replace("xsd:", "")}${p.optional ? ", optional" : ""})`, make("input", { name: `$${p.name}`, value: p.default ?? "", autocomplete: "off" }))));
  form.hidden = !card.parameters.length;
  showCards(cards);
  run();
}
byId("parameters").addEventListener("submit", (event) => { event.preventDefault(); run(); });
byId("run").addEventListener("click", () => run());

// ---------------------------------------------------------------- asking

function ask(query, accept, more = []) {
  return fetch("/sparql", { method: "POST", body: new URLSearchParams([["query", query], ...more]), headers: { accept } });
}

function request(accept) {
  const given = [];
  for (const input of byId("parameters").elements) {
    if (input.name && input.value && text().includes(input.name)) given.push([input.name, input.value]);
  }
  return ask(text(), accept, given);
}

async function run() {
  say("asking …");
  byId("answer").replaceChildren();
  byId("views").hidden = byId("downloads").hidden = true;
  const mine = (asked = {});
  const began = performance.now();
  let response, content;
  try {
    response = await request(`${RESULTS}, application/n-triples;q=0.9`);
    content = await response.text();
  } catch {
    if (mine === asked) say("the server does not answer", true);
    return;
  }
  if (mine !== asked) return;
  if (!response.ok) return say(content.trim(), true);
  const took = `${Math.round(performance.now() - began)} ms`;
  const cut = response.headers.get("x-truncated");
  const isRows = response.headers.get("content-type").startsWith(RESULTS);
  const answer = isRows ? JSON.parse(content) : triples(content);
  offer(isRows ? ROW_TYPES : RDF_TYPES);
  if ("boolean" in answer) return say(`${answer.boolean ? "yes" : "no"} (${took})`);
  const rows = answer.results.bindings;
  const empty = card && text() === card.text && card.empty ? card.empty : "no rows";
  say(rows.length ? `${rows.length} row${rows.length === 1 ? "" : "s"} in ${took}${cut ? `; there are more: cut at ${rows.length}` : ""}` : empty);
  if (rows.length) views(answer.head.vars, rows);
}

function say(message, bad = false) {
  byId("outcome").textContent = message;
  byId("outcome").classList.toggle("bad", bad);
}

// N-Triples, a triple a line, as rows of three.
function triples(content) {
  const vars = ["subject", "predicate", "object"];
  const line = /^(<[^>]*>|_:\S+) (<[^>]*>) (.*) \.$/;
  const bindings = content.split("\n").map((l) => line.exec(l)).filter(Boolean)
    .map((found) => Object.fromEntries(vars.map((v, i) => [v, term(found[i + 1])])));
  return { head: { vars }, results: { bindings } };
}

function term(written) {
  if (written.startsWith("<")) return { type: "uri", value: written.slice(1, -1) };
  if (written.startsWith("_:")) return { type: "bnode", value: written };
  const found = /^"((?:[^"\\]|\\.)*)"(?:@([\w-]+)|\^\^<([^>]*)>)?$/s.exec(written);
  if (!found) return { type: "literal", value: written };
  const value = found[1].replace(/\\(u[\da-fA-F]{4}|U[\da-fA-F]{8}|.)/g, (_, e) =>
    e.length > 1 ? String.fromCodePoint(parseInt(e.slice(1), 16)) : { n: "\n", r: "\r", t: "\t" }[e] ?? e);
  return { type: "literal", value, datatype: found[3] };
}

function offer(types) {
  byId("downloads").replaceChildren(...Object.entries(types).map(([name, media]) =>
    make("button", { type: "button", onclick: () => save(name, media) }, name)));
  byId("downloads").hidden = false;
}

async function save(name, media) {
  const response = await request(media);
  if (!response.ok) return say((await response.text()).trim(), true);
  const address = URL.createObjectURL(await response.blob());
  make("a", { href: address, download: `answer.${{ Turtle: "ttl", "N-Triples": "nt", "JSON-LD": "jsonld", CSV: "csv", JSON: "srj", Markdown: "md" }[name]}` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

// ---------------------------------------------------------------- answers

const isNumber = (value) => value?.type === "literal" && /#(integer|decimal|double|float)$/.test(value.datatype ?? "");
const shown = (value) => (value === undefined ? "" : value.type === "uri" ? shorten(value.value) : value.value);

function views(columns, rows) {
  const numbers = columns.filter((c) => rows.some((r) => r[c]) && rows.every((r) => !r[c] || isNumber(r[c])));
  const links = linksOf(columns, rows);
  const kinds = { Table: () => table(columns, rows, numbers) };
  if (numbers.length && columns.length > numbers.length) kinds.Chart = () => chart(columns.find((c) => !numbers.includes(c)), numbers[0], rows);
  if (links.length) kinds.Graph = () => drawing(links);
  const show = (name) => {
    for (const tab of byId("views").children) tab.setAttribute("aria-selected", `${tab.textContent === name}`);
    byId("answer").replaceChildren();
    byId("answer").append(kinds[name]());
  };
  byId("views").replaceChildren(...Object.keys(kinds).map((name) => make("button", { type: "button", role: "tab", onclick: () => show(name) }, name)));
  byId("views").hidden = Object.keys(kinds).length < 2;
  show("Table");
}

function table(columns, rows, numbers) {
  const cls = (c) => (numbers.includes(c) ? "number" : null);
  const cell = (value) => {
    const written = shown(value);
    if (value?.type !== "uri") return written;
    if (!value.value.startsWith(known.prefixes.kzid ?? "\0")) return written;
    const name = value.value.slice(known.prefixes.kzid.length).split("/").map(encodeURIComponent).join("/");
    return make("a", { href: `/entity/${name}` }, written);
  };
  return make("table", {},
    make("thead", {}, make("tr", {}, ...columns.map((c) => make("th", { scope: "col", class: cls(c) }, c)))),
    make("tbody", {}, ...rows.map((r) => make("tr", {}, ...columns.map((c) => make("td", { class: cls(c) }, cell(r[c])))))));
}

// Bars, one a row, of the first column of numbers.
function chart(label, number, rows) {
  const NS = "http://www.w3.org/2000/svg";
  const svg = (tag, properties, content = "") => {
    const element = document.createElementNS(NS, tag);
    for (const [name, value] of Object.entries(properties)) element.setAttribute(name, value);
    element.textContent = content;
    return element;
  };
  const drawn = rows.filter((r) => r[number]).slice(0, 100);
  const most = Math.max(...drawn.map((r) => Math.abs(Number(r[number].value)))) || 1;
  const room = Math.min(byId("answer").clientWidth, 800);
  const [left, width, step] = [room * 0.36, room * 0.48, 24];
  const letters = Math.floor(left / 7.4);
  const picture = svg("svg", { width: room, height: drawn.length * step + 8, role: "img", "aria-label": `${number} by ${label}` });
  drawn.forEach((r, i) => {
    const value = Number(r[number].value);
    const name = shown(r[label]);
    picture.append(
      svg("text", { x: left - 8, y: i * step + 17, "text-anchor": "end" }, name.length > letters ? `${name.slice(0, letters - 1)}…` : name),
      svg("rect", { x: left, y: i * step + 5, width: Math.max((Math.abs(value) / most) * width, 1), height: step - 8, rx: 2 }),
      svg("text", { x: left + (Math.abs(value) / most) * width + 6, y: i * step + 17, class: "muted" }, r[number].value));
  });
  return picture;
}

// Pairs of things in a row, or triples: from, to, by which relation.
function linksOf(columns, rows) {
  const things = columns.filter((c) => rows.some((r) => r[c]?.type === "uri"));
  const ends = columns.join() === "subject,predicate,object" ? ["subject", "object", "predicate"] : [things[0], things.at(-1), things.length > 2 ? things[1] : null];
  if (things.length < 2) return [];
  return rows.filter((r) => r[ends[0]]?.type === "uri" && r[ends[1]]?.type === "uri")
    .map((r) => [r[ends[0]].value, r[ends[1]].value, r[ends[2]] ? shown(r[ends[2]]) : ""]);
}

async function labelsOf(iris) {
  const label = "http://www.w3.org/2000/01/rdf-schema#label";
  const response = await ask(`SELECT ?thing ?name WHERE { VALUES ?thing { ${iris.map((iri) => `<${iri}>`).join(" ")} } ?thing <${label}> ?name }`, RESULTS);
  const rows = response.ok ? (await response.json()).results.bindings : [];
  return new Map(rows.map((r) => [r.thing.value, r.name.value]));
}

function drawing(links) {
  const box = make("div", { class: "drawing", role: "img", "aria-label": "Drawing of the answer; the table gives the same" });
  const style = getComputedStyle(document.body);
  const ink = style.getPropertyValue("--ink").trim();
  const iris = [...new Set(links.flatMap(([from, to]) => [from, to]))].slice(0, MAX_DRAWN);
  const place = new Map(iris.map((iri, i) => [iri, i]));
  const edges = links.filter(([from, to]) => place.has(from) && place.has(to))
    .map(([from, to, label]) => ({ from: place.get(from), to: place.get(to), label, arrows: "to" }));
  if (iris.length === MAX_DRAWN) say(`drawn: the first ${MAX_DRAWN} things`);
  labelsOf(iris).then((labels) => {
    const nodes = iris.map((iri, id) => ({ id, label: wrap(labels.get(iri) ?? shorten(iri)) }));
    const font = { size: 16, color: ink, strokeWidth: 4, strokeColor: style.getPropertyValue("--stage").trim() };
    new vis.Network(box, { nodes, edges }, {
      layout: { randomSeed: 1, improvedLayout: nodes.length < 120 },
      physics: { stabilization: { iterations: 250 }, barnesHut: { springLength: 120, gravitationalConstant: -2500, centralGravity: 1.2 } },
      nodes: { shape: "dot", size: 8, font, color: style.getPropertyValue("--accent").trim(), scaling: { label: { drawThreshold: 3 } } },
      edges: { font: { ...font, size: 13 } },
    });
  });
  return box;
}

const wrap = (label) => label.replace(/(.{18,30}?) /g, "$1\n");

start();
