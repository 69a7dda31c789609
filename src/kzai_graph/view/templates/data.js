"use strict";
// The data of the page and what follows from it. Text from documents only ever becomes textContent.

const readJson = (id) => JSON.parse(document.getElementById(id).textContent);
const facts = readJson("facts");
const { entities, statements, sentences, documents, classes, relations, communities } = facts;
const MODALITIES = ["Asserted", "Planned", "Reported", "Negated"];

const edgesOf = entities.map(() => []);
statements.forEach((statement, i) => {
  edgesOf[statement.subject].push(i);
  if (statement.object !== statement.subject) edgesOf[statement.object].push(i);
});
const observationsOf = groupBy(facts.observations, (observation) => observation.of);
const milestonesOf = groupBy(facts.milestones, (milestone) => milestone.of);
const successionsOf = groupBy(
  facts.successions.flatMap((succession) => [succession.former, succession.successor].map((of) => ({ of, ...succession }))),
  (succession) => succession.of,
);
const quotesOf = groupBy(facts.quotes, (quote) => quote.speaker);
const documentsOf = statements.map((s) => new Set(s.evidence.map(([sentence]) => sentences[sentence].document)));
const days = [...new Set(facts.times.flat(2))].sort(); // on which something begins or ends
const byRank = entities.map((_, i) => i).sort((a, b) => edgesOf[b].length - edgesOf[a].length || a - b);

const communityOf = new Map(communities.flatMap((members, c) => members.map((i) => [i, c])));
const hubsOf = communities.map((members) => members.toSorted((a, b) => edgesOf[b].length - edgesOf[a].length || a - b));

const keys = new Map();
statements.forEach((statement, id) => keys.set(statement.key, { kind: "statement", id }));
entities.forEach((entity, id) => {
  keys.set(entity.iri, { kind: "entity", id });
  keys.set(entity.key, { kind: "entity", id });
});

function groupBy(items, key) {
  const groups = new Map();
  for (const item of items) {
    if (!groups.has(key(item))) groups.set(key(item), []);
    groups.get(key(item)).push(item);
  }
  return groups;
}

const otherEnd = (statement, entity) => (statement.subject === entity ? statement.object : statement.subject);
const neighboursOf = (entity) => new Set(edgesOf[entity].map((i) => otherEnd(statements[i], entity)));
const keyOf = ({ kind, id }) => (kind === "entity" ? entities : statements)[id].key;

// Folds case and accents, so that a search finds names however they are typed.
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

const showDate = (text) => facts.dates[text] ?? text;

function showNumber(text) {
  const number = /^(-?\d+)(\.\d+)?$/.exec(text);
  if (!number || number[1].length < 5) return text;
  return number[1].replace(/\B(?=(\d{3})+$)/g, "\u202f") + (number[2] ?? "");
}

// Makes an element; children are elements or text, never markup.
function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "onclick") element.addEventListener("click", value);
    else if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}
const data = (text) => make("bdi", {}, text);

const SHAPES = {
  dot: "M8 2a6 6 0 1 0 .01 0z",
  square: "M3 3h10v10H3z",
  diamond: "M8 1l7 7-7 7-7-7z",
  triangle: "M8 2l7 12H1z",
  triangleDown: "M8 14L1 2h14z",
  star: "M8 1l2 5h5.2l-4.2 3.3 1.6 5.2L8 11.4l-4.6 3.1L5 9.3 .8 6H6z",
  hexagon: "M4.5 2h7L15 8l-3.5 6h-7L1 8z",
};
function icon(cls) {
  const { colour, shape } = classes[cls];
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("viewBox", "0 0 16 16");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", SHAPES[shape] ?? SHAPES.dot);
  path.setAttribute("fill", colour);
  drawing.append(path);
  return drawing;
}
