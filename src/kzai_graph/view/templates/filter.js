"use strict";
// Shows the rows that concern one body, or only what is due; years without rows are hidden.

const who = document.getElementById("who");
const due = document.getElementById("due");

function choose() {
  for (const row of document.querySelectorAll("[data-who]")) {
    const fits = !who.value || row.dataset.who.split(" ").includes(who.value);
    row.hidden = !fits || (due.checked && !("due" in row.dataset));
  }
  for (const year of document.querySelectorAll("[data-year]")) {
    year.hidden = !year.querySelector("[data-who]:not([hidden])");
  }
}
who.addEventListener("change", choose);
due.addEventListener("change", choose);
choose();
document.documentElement.dataset.ready = "";
