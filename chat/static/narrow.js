// Runs once: what is chosen beside the question box becomes a chip.

const say = (data) =>
  document.dispatchEvent(new CustomEvent("aq:send", { detail: { event: "act", data } }));

element.addEventListener("change", (event) => {
  const { kind } = event.target.dataset;
  const { value } = event.target;
  if (!kind || !value) return;
  say({ do: "narrow", kind, value });
  event.target.value = "";
});
