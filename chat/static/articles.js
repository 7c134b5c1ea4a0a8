// Runs once the list of articles is on the page. Gradio provides `element` and `watch`.

const say = (data) =>
  document.dispatchEvent(new CustomEvent("aq:send", { detail: { event: "act", data } }));
const field = (name) => document.querySelector(`#aq-${name}`);
const fields = {
  text: field("find-article"),
  order: field("order"),
  source: field("list-source"),
  first: field("list-first"),
  last: field("list-last"),
};
const LOOK_AGAIN = 10_000; // milliseconds
let shown = "";
let timer = 0;

function list() {
  const wanted = Object.fromEntries(
    Object.entries(fields).map(([name, input]) => [name, input?.value ?? ""]),
  );
  say({ do: "list", shown, ...wanted });
}

function later(time) {
  clearTimeout(timer);
  timer = setTimeout(list, time);
}

for (const input of Object.values(fields)) {
  input?.addEventListener("input", () => {
    shown = "";
    later(200);
  });
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.listMore) {
    shown = button.dataset.listMore;
    list();
  } else if (button.dataset.event === "article") {
    const detail = { id: button.dataset.id, button };
    document.dispatchEvent(new CustomEvent("aq:article", { detail }));
    document.dispatchEvent(new CustomEvent("aq:drawer", { detail: false }));
  }
});

// The menus of sources, here and beside the question, offer what the collection has.
function offer(options) {
  const offered = [...options].map((option) => [option.value, option.dataset.count]);
  for (const menu of document.querySelectorAll("select[data-sources]")) {
    const chosen = menu.value;
    const made = offered.map(([name, count]) => new Option(`${name} (${count})`, name));
    menu.replaceChildren(menu.options[0], ...made);
    menu.value = offered.some(([name]) => name === chosen) ? chosen : "";
  }
}

watch("value", () => {
  const found = element.querySelector(".aq-list");
  const { total, found: fitting, canAdd } = found?.dataset ?? {};
  const count = field("article-count");
  const [all, some] = [total ?? 0, fitting ?? 0].map((one) => Number(one).toLocaleString("en"));
  if (count) count.textContent = some === all ? all : `${some} of ${all}`;
  document.body.toggleAttribute("data-aq-can-add", canAdd !== undefined);
  for (const add of document.querySelectorAll("#aq-add")) add.hidden = canAdd === undefined;
  offer(element.querySelectorAll("datalist option"));
  // What keeps articles from being added passes: until it has, it is asked for again.
  if (element.querySelector(".aq-notice")) later(LOOK_AGAIN);
});

// The head of the page says how many articles there are: when that changes, so has the list.
const head = document.querySelector("#aq-header-text");
let said = "";
function look() {
  const now = head.querySelector(".aq-holdings")?.textContent ?? "";
  if (now === said) return;
  said = now;
  list();
}
if (head) new MutationObserver(look).observe(head, { childList: true, subtree: true });
document.addEventListener("aq:list", list);
look();
