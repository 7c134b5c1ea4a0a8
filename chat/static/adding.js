// Runs once: files that are dropped on the page, or chosen, are sent one after the other, and how
// far they are added is asked for until that is done.

const field = (name) => document.querySelector(`#aq-${name}`);
const body = document.body;
const say = (data) =>
  document.dispatchEvent(new CustomEvent("aq:send", { detail: { event: "act", data } }));
const pause = (time) => new Promise((done) => setTimeout(done, time));
let busy = false;

async function asked(path, options) {
  const answer = await fetch(path, options);
  if (!answer.ok) throw new Error((await answer.text()).trim().slice(0, 300));
  return answer.json();
}

function tell(words, { done = 0, files = 0, finished = false, refused = [] } = {}) {
  field("adding").hidden = false;
  field("adding-words").textContent = words;
  const bar = field("adding-bar");
  bar.hidden = finished;
  if (files) Object.assign(bar, { max: files, value: done });
  else bar.removeAttribute("value");
  field("adding-close").hidden = !finished;
  const lines = refused.map(([name, reason]) => {
    const line = document.createElement("li");
    line.textContent = `${name}: ${reason}`;
    return line;
  });
  field("adding-refused").replaceChildren(...lines);
}

function progress(told, total) {
  if (told.finished) return told.words;
  return told.words || `Adding ${Math.min(told.done + 1, total)} of ${total}…`;
}

async function add(files) {
  if (!files.length || busy) return;
  busy = true;
  document.dispatchEvent(new CustomEvent("aq:drawer", { detail: true })); // its progress is there
  tell("Sending…");
  try {
    const { job } = await asked("adding", { method: "POST" });
    let told = { done: 0, words: "", finished: false };
    for (const { file, name } of files) {
      const path = `adding/${job}/file?name=${encodeURIComponent(name)}`;
      // A file that is refused is in the report at the end.
      told = await asked(path, { method: "POST", body: file }).catch(() => told);
      tell(progress(told, files.length), { ...told, files: files.length });
    }
    told = await asked(`adding/${job}/done`, { method: "POST" });
    while (!told.finished) {
      tell(progress(told, files.length), { ...told, files: files.length });
      await pause(400);
      told = await asked(`adding/${job}`);
    }
    tell(told.words, told);
  } catch (error) {
    tell(error.message || "The server cannot be reached: is it still running?", { finished: true });
  }
  busy = false;
  say({ do: "refresh" });
  document.dispatchEvent(new Event("aq:list"));
}

// A dropped folder is walked through.
async function inside(entry, path = "") {
  if (entry.isFile) {
    const file = await new Promise((done, failed) => entry.file(done, failed));
    return [{ file, name: path + file.name }];
  }
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!some.length) break;
    for (const one of some) found.push(...(await inside(one, `${path}${entry.name}/`)));
  }
  return found;
}

const mayAdd = () => body.hasAttribute("data-aq-can-add");
const bringsFiles = (event) => event.dataTransfer?.types.includes("Files");
let depth = 0;

addEventListener("dragenter", (event) => {
  if (!bringsFiles(event)) return;
  event.preventDefault();
  depth += 1;
  if (mayAdd()) body.setAttribute("data-aq-dropping", "");
});
addEventListener("dragover", (event) => bringsFiles(event) && event.preventDefault());
addEventListener("dragleave", (event) => {
  if (!bringsFiles(event)) return;
  depth = Math.max(0, depth - 1);
  if (!depth) body.removeAttribute("data-aq-dropping");
});
addEventListener("drop", async (event) => {
  if (!bringsFiles(event)) return;
  event.preventDefault();
  depth = 0;
  body.removeAttribute("data-aq-dropping");
  if (!mayAdd()) return;
  const items = [...event.dataTransfer.items].filter((item) => item.kind === "file");
  const loose = [...event.dataTransfer.files].map((file) => ({ file, name: file.name }));
  const entries = items.map((item) => item.webkitGetAsEntry?.());
  const found = entries.some((entry) => entry?.isDirectory)
    ? (await Promise.all(entries.filter(Boolean).map((entry) => inside(entry)))).flat()
    : loose;
  add(found);
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-add]")) field("files").click();
  if (event.target.closest?.("#aq-adding-close")) field("adding").hidden = true;
});
field("files").addEventListener("change", (event) => {
  add([...event.target.files].map((file) => ({ file, name: file.webkitRelativePath || file.name })));
  event.target.value = "";
});
