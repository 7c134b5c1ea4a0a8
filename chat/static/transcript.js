// Runs once the transcript is on the page. Gradio provides `element`, `trigger` and `watch`.
// A click on a citation goes to the evidence pane first ("aq:cite"): only when that pane does not
// show the turn's evidence already is the server asked for it.

const scroller = element.closest("#aq-transcript");

element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-event]");
  if (!button) return;
  const { turn, marker, question } = button.dataset;
  if (button.dataset.event === "example") {
    trigger("example", { question });
    return;
  }
  const detail = { turn, marker, button };
  const unanswered = document.dispatchEvent(new CustomEvent("aq:cite", { detail, cancelable: true }));
  if (unanswered) trigger("cite", { turn, marker });
});

watch("value", () => {
  scroller?.scrollTo({ top: scroller.scrollHeight });
  // A clicked example is gone by now and the focus with it; without a mouse or trackpad, taking it
  // would bring up the keyboard of the screen.
  const lost = document.activeElement === document.body;
  if (lost && window.matchMedia("(hover: hover)").matches) {
    document.querySelector("#aq-question textarea")?.focus();
  }
});
