"use strict";
// A click or Enter on a sentence shows what was read there; #c120 opens the sentence around character 120.

const places = [...document.querySelectorAll("[data-place]")];
let shown = null;

function show(place, { move = false } = {}) {
  if (shown !== null) document.getElementById(`p${shown}`).hidden = true;
  for (const run of places) run.classList.toggle("chosen", run.dataset.place === place);
  shown = place;
  document.getElementById("nothing").hidden = place !== null;
  if (place === null) return;
  document.getElementById(`p${place}`).hidden = false;
  document.getElementById("panel").scrollTop = 0;
  const first = places.find((run) => run.dataset.place === place);
  history.replaceState(null, "", `#c${first.dataset.begin}`);
  if (move) {
    first.scrollIntoView({ block: "center" });
    first.focus({ preventScroll: true });
  }
}

function follow() {
  const at = /^#c(\d+)$/.exec(location.hash);
  const found = at && places.find(({ dataset: d }) => Number(d.begin) <= Number(at[1]) && Number(at[1]) < Number(d.end));
  if (found) show(found.dataset.place, { move: true });
}

document.addEventListener("click", (event) => {
  const run = event.target.closest("[data-place]");
  if (run && !String(getSelection())) show(run.dataset.place);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") show(null);
  if (event.key !== "Enter" && event.key !== " ") return;
  const run = event.target.closest("[data-place]");
  if (run) {
    event.preventDefault();
    show(run.dataset.place);
  }
});
window.addEventListener("hashchange", follow);
follow();
document.documentElement.dataset.ready = "";
