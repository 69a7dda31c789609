// The slider over the days on which something begins or ends: two range inputs, one over the other.

const handles = [byId("from"), byId("to")];

function buildDates(changed) {
  const undated = facts.times.filter((spans) => !spans.length).length;
  byId("dates").hidden = days.length < 2;
  byId("undated-count").textContent = `${undated}`;
  for (const handle of handles) {
    handle.max = Math.max(days.length - 1, 0);
    handle.addEventListener("input", () => {
      const value = Number(handle.value);
      if (handle.id === "from") state.from = Math.min(value, state.to);
      else state.to = Math.max(value, state.from);
      showDates();
    });
    handle.addEventListener("change", changed);
  }
}

function showDates() {
  if (days.length < 2) return;
  for (const handle of handles) {
    handle.value = state[handle.id];
    handle.setAttribute("aria-valuetext", showDate(days[state[handle.id]]));
    byId("range").style.setProperty(`--${handle.id}`, state[handle.id] / (days.length - 1));
  }
  byId("range").classList.toggle("late", state.from > days.length / 2); // then the first handle must be reached
  byId("range-text").textContent = `${showDate(days[state.from])} to ${showDate(days[state.to])}`;
}
