// Runs once the list of conversations is on the page. Gradio provides `element`.

const say = (data) =>
  document.dispatchEvent(new CustomEvent("aq:send", { detail: { event: "act", data } }));
const find = document.querySelector("#aq-find-conversation");
let timer = 0;

find?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(() => say({ do: "conversations", text: find.value }), 200);
});

// The menu of a conversation opens below its button, or above it where there is no room.
element.addEventListener(
  "toggle",
  ({ target }) => {
    if (!target.open) return;
    const menu = target.querySelector(".aq-menu-box");
    const at = target.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = menu;
    const below = at.bottom + 4;
    menu.style.left = `${Math.max(8, at.right - width)}px`;
    menu.style.top = `${below + height < innerHeight - 8 ? below : Math.max(8, at.top - height - 4)}px`;
  },
  true,
);
const close = () => element.querySelector("details[open]")?.removeAttribute("open");
element.closest("#aq-conversations")?.addEventListener("scroll", close, { passive: true });

// Renaming takes place in the list.
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-rename]");
  if (!button) return;
  const { rename: id, title } = button.dataset;
  const row = button.closest(".aq-row");
  const name = Object.assign(document.createElement("input"), { value: title, maxLength: 200 });
  name.className = "aq-field";
  name.setAttribute("aria-label", "New name");
  let left = false;
  const leave = (keep) => {
    if (left) return;
    left = true;
    name.remove();
    row.classList.remove("aq-renaming");
    if (keep && name.value.trim()) {
      say({ do: "rename", id, title: name.value, text: find?.value ?? "" });
    }
  };
  name.addEventListener("keydown", (key) => {
    if (key.key === "Enter") leave(true);
    if (key.key === "Escape") leave(false);
  });
  name.addEventListener("blur", () => leave(true));
  row.querySelector("details")?.removeAttribute("open");
  row.classList.add("aq-renaming");
  row.append(name);
  name.select();
});
