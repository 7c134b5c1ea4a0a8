// Runs once the transcript is on the page. Gradio provides `element` and `watch`. A click on a
// citation goes to the evidence pane first ("aq:cite"): only when that pane does not show the
// turn's evidence already is the server asked for it. Pointing at one shows its quote.

const scroller = element.closest("#aq-transcript");
const say = (event, data) =>
  document.dispatchEvent(new CustomEvent("aq:send", { detail: { event, data } }));

element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-event=cite]");
  if (!button) return;
  const { turn, marker } = button.dataset;
  const detail = { turn, marker, button };
  hide();
  const unanswered = document.dispatchEvent(new CustomEvent("aq:cite", { detail, cancelable: true }));
  if (unanswered) say("act", { do: "cite", turn, marker });
});

// The quote at its marker.

const hover = document.createElement("div");
const byline = document.createElement("p");
const quote = document.createElement("blockquote");
hover.id = "aq-hover";
hover.setAttribute("role", "tooltip");
hover.hidden = true;
hover.append(quote, byline);
document.body.append(hover);
let pointed = null;

function show(button) {
  pointed = button;
  quote.textContent = button.dataset.quote;
  byline.textContent = button.dataset.byline;
  hover.hidden = false;
  button.setAttribute("aria-describedby", "aq-hover");
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = hover;
  const left = Math.min(Math.max(8, at.left - width / 2), window.innerWidth - width - 8);
  const above = at.top - height - 8;
  hover.style.left = `${left}px`;
  hover.style.top = `${above > 8 ? above : at.bottom + 8}px`;
}

function hide() {
  pointed?.removeAttribute("aria-describedby");
  pointed = null;
  hover.hidden = true;
}

const cite = (event) => event.target.closest?.(".aq-cite");
element.addEventListener("mouseover", (event) => {
  const button = cite(event);
  if (button && button !== pointed && matchMedia("(hover: hover)").matches) show(button);
});
element.addEventListener("mouseout", (event) => cite(event) && hide());
element.addEventListener("focusin", (event) => {
  const button = cite(event);
  if (button?.matches(":focus-visible")) show(button);
});
element.addEventListener("focusout", (event) => cite(event) && hide());
scroller?.addEventListener("scroll", hide, { passive: true });
document.addEventListener("keydown", (event) => event.key === "Escape" && hide());

// To the end, but a long answer is read from its question on.
function toTheLast() {
  const last = element.querySelector(".aq-exchange:last-child");
  scroller?.scrollTo({ top: scroller.scrollHeight });
  if (!last) return;
  const above = scroller.getBoundingClientRect().top + 16 - last.getBoundingClientRect().top;
  if (above > 0) scroller.scrollBy({ top: -above });
}

let ready = false;
watch("value", () => {
  hide();
  if (!element.querySelector("[data-still]")) {
    toTheLast();
  }
  if (!ready) {
    ready = true;
    dispatchEvent(new Event("aq:ready"));
  }
  // A clicked example is gone by now and the focus with it; without a mouse or trackpad, taking it
  // would bring up the keyboard of the screen.
  const lost = document.activeElement === document.body;
  if (lost && window.matchMedia("(hover: hover)").matches) {
    document.querySelector("#aq-question textarea")?.focus();
  }
});
