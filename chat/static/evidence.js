// Runs once the evidence pane is on the page. Gradio provides `element` and `watch`.
// On a narrow screen the pane is a sheet that covers the chat while it is open; CSS decides that,
// this script only says whether it is open.

const pane = element.closest("#aq-evidence-pane");
const chat = document.querySelector("#aq-chat");
const say = (event, data) =>
  document.dispatchEvent(new CustomEvent("aq:send", { detail: { event, data } }));
const narrow = window.matchMedia("(max-width: 899px)");
let opener = null; // the button to give the focus back to
let requested = false; // the next change of content was asked for by a click here

function setSheet(open) {
  document.body.toggleAttribute("data-aq-sheet", open);
  chat?.toggleAttribute("inert", open && narrow.matches);
}

function closeSheet() {
  if (!document.body.hasAttribute("data-aq-sheet")) return;
  setSheet(false);
  if (narrow.matches && opener?.isConnected) opener.focus();
}

function bringIntoView(target, block) {
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  target.scrollIntoView({ block, inline: "nearest", behavior: calm ? "auto" : "smooth" });
}

// The number of the quote that is being read stands out in its answer.
function choose(turn, marker) {
  for (const cite of document.querySelectorAll(".aq-cite")) {
    const chosen = cite.dataset.turn === String(turn) && cite.dataset.marker === String(marker);
    cite.toggleAttribute("data-chosen", chosen);
  }
}

function activate(marker) {
  let active = null;
  choose(element.querySelector(".aq-panel")?.dataset.turn, marker);
  for (const card of element.querySelectorAll(".aq-card")) {
    const chosen = card.dataset.marker === String(marker);
    card.classList.toggle("aq-active", chosen);
    if (chosen) active = card;
  }
  const target = active ?? element.querySelector("h2");
  target?.focus({ preventScroll: true });
  if (active) bringIntoView(active, "nearest");
  else pane?.scrollTo({ top: 0 });
}

function showPanel() {
  const panel = element.querySelector(".aq-panel");
  const wanted = requested;
  requested = false;
  choose(panel?.dataset.turn, panel?.dataset.marker);
  if (panel?.dataset.panel === "article") {
    element.querySelector("h2")?.focus({ preventScroll: true });
    const mark = element.querySelector("mark");
    if (mark) mark.scrollIntoView({ block: "center" });
    else pane?.scrollTo({ top: 0 });
  } else {
    pane?.scrollTo({ top: 0 });
    if (wanted) activate(panel?.dataset.active ?? 0);
    if (panel?.dataset.panel === "notice") setSheet(true);
  }
}

document.addEventListener("aq:cite", (event) => {
  const { turn, marker, button } = event.detail;
  opener = button;
  setSheet(true);
  const shown = element.querySelector(`[data-panel="evidence"][data-turn="${CSS.escape(turn)}"]`);
  if (shown) {
    event.preventDefault();
    activate(marker);
  } else {
    requested = true;
  }
});

// An article that was chosen from the list.
document.addEventListener("aq:article", (event) => {
  const { id, button } = event.detail;
  opener = button;
  requested = true;
  setSheet(true);
  // What is shown already will not change, so that nothing would bring it into view.
  const shown = element.querySelector(`[data-turn="0"][data-article="${CSS.escape(id)}"]`);
  if (shown) showPanel();
  else say("act", { do: "article", id });
});

element.addEventListener("click", (event) => {
  // What is asked next is chosen: on to the question box, which a sheet would cover.
  if (event.target.closest("[data-do=narrow]")) {
    if (narrow.matches) closeSheet();
    document.querySelector("#aq-question textarea")?.focus({ preventScroll: true });
  }
  const button = event.target.closest("button[data-event]");
  if (!button) return;
  const { turn, marker } = button.dataset;
  if (button.dataset.event === "close") {
    closeSheet();
    return;
  }
  requested = true;
  say("act", { do: button.dataset.event, turn, marker });
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeSheet();
});

document.addEventListener("click", (event) => {
  const inside = event.target.closest?.("#aq-evidence-pane, [data-event], [data-send], [data-sure]");
  if (narrow.matches && !inside) closeSheet();
});

narrow.addEventListener("change", () => setSheet(false));
watch("value", showPanel);
