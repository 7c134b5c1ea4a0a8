// Runs once. The one part of the page that talks to the server: whatever is clicked anywhere sends
// an event through here. Gradio provides `trigger`.
//
//   data-send="ask|act|leave"   send this event, with all other data-* of the button
//   data-sure="Really?"         only at the second click, after the button has asked this
//   data-copy, data-copy-address, data-copied   copy a text, or a link to this page, and say so
//   data-edit                   put a question into the box (data-alone: edit it where it stands)
//   data-skip                   past the lists, to the question box
//   data-drawer                 open and close the left column where it is a drawer

const body = document.body;
const box = () => document.querySelector("#aq-question textarea");

const EVENTS = ["ask", "act", "leave"]; // Gradio looks for these names here

function send(event, data) {
  if (EVENTS.includes(event)) trigger(event, data);
}

document.addEventListener("aq:send", ({ detail }) => send(detail.event, detail.data));

function sure(button) {
  if (!button.dataset.sure || button.dataset.asked) return true;
  const before = button.textContent;
  button.dataset.asked = "1";
  button.textContent = button.dataset.sure;
  setTimeout(() => {
    delete button.dataset.asked;
    button.textContent = before;
  }, 4000);
  return false;
}

async function copy(button, text) {
  const before = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without https another computer's page may not use the clipboard in this way.
    const area = Object.assign(document.createElement("textarea"), { value: text });
    body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    button.focus();
  }
  button.textContent = button.dataset.copied;
  setTimeout(() => (button.textContent = before), 1600);
}

function fill(question) {
  const area = box();
  if (!area) return;
  area.value = question;
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
  area.setSelectionRange(question.length, question.length);
}

function editInPlace(button) {
  const line = button.closest("p");
  const form = document.createElement("form");
  const area = document.createElement("textarea");
  const ask = Object.assign(document.createElement("button"), { type: "submit" });
  const cancel = Object.assign(document.createElement("button"), { type: "button" });
  form.className = "aq-edit-form";
  area.value = button.dataset.edit;
  area.rows = 2;
  area.setAttribute("aria-label", "The question as it is searched");
  ask.className = "aq-quiet";
  ask.textContent = "Ask this";
  cancel.className = "aq-quiet";
  cancel.textContent = "Cancel";
  const close = () => {
    form.replaceWith(line);
    button.focus();
  };
  cancel.addEventListener("click", close);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send("ask", { question: area.value, alone: "1" });
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  form.append(area, ask, cancel);
  line.replaceWith(form);
  area.focus();
}

function setDrawer(open) {
  body.toggleAttribute("data-aq-drawer", open);
  document.querySelector("[data-drawer]")?.setAttribute("aria-expanded", String(open));
}

document.addEventListener("aq:drawer", ({ detail }) => setDrawer(detail));

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button, summary, a");
  if (!button) {
    if (!event.target.closest?.("#aq-left")) setDrawer(false);
    closeMenus(event.target);
    return;
  }
  closeMenus(button);
  const { send: name, sure: _sure, asked: _asked, ...data } = button.dataset;
  if (name) {
    if (!sure(button)) return;
    send(name, data);
    if (name === "leave" || data.do === "narrow") setDrawer(false);
    if (name === "ask") box()?.focus({ preventScroll: true });
  } else if (data.copy !== undefined) copy(button, data.copy);
  else if (data.copyAddress !== undefined) {
    copy(button, location.origin + location.pathname + data.copyAddress);
  } else if (data.edit !== undefined) {
    if (data.alone) editInPlace(button);
    else fill(data.edit);
  } else if (data.skip !== undefined) {
    box()?.focus();
  } else if (data.drawer !== undefined) {
    setDrawer(!body.hasAttribute("data-aq-drawer"));
    if (body.hasAttribute("data-aq-drawer")) {
      document.querySelector("#aq-find-conversation")?.focus();
    }
  } else if (!button.closest("#aq-left")) setDrawer(false);
});

function closeMenus(target) {
  for (const open of document.querySelectorAll("details.aq-more[open], details.aq-narrow[open]")) {
    if (!open.contains(target)) open.removeAttribute("open");
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.activeElement?.closest?.("details[open]");
  if (menu) {
    menu.removeAttribute("open");
    menu.querySelector("summary").focus();
  } else if (body.hasAttribute("data-aq-drawer")) {
    setDrawer(false);
    document.querySelector("[data-drawer]")?.focus();
  }
});

// A link to a question asks it, once: reloading the page does not ask again.
const link = location.search.slice(1);
const asked = new URLSearchParams(link).get("q");
if (asked) {
  history.replaceState(null, "", location.pathname);
  addEventListener("aq:ready", () => send("ask", { question: asked, link }), { once: true });
}
