// A citation opens its source in the text, under its paragraph. Without script it leads to the source's own place.

function openSource(link) {
  const source = document.querySelector(link.hash);
  const row = link.closest(".row");
  const opened = element("section", "opened", ...[...source.children].filter((part) => !part.matches(".n")).map((part) => part.cloneNode(true)));
  opened.setAttribute("aria-label", link.getAttribute("aria-label"));
  opened.lang = document.documentElement.lang;
  opened.dir = document.documentElement.dir;
  for (const copy of opened.querySelectorAll("[data-words], [data-who]")) { delete copy.dataset.words; delete copy.dataset.who; }
  for (const back of opened.querySelectorAll(".back")) back.closest(".facts > div")?.remove();
  const shut = element("button", "plain shut", say("close"));
  shut.type = "button";
  shut.addEventListener("click", () => closeSource(link));
  opened.prepend(element("p", "title", link.getAttribute("aria-label")), shut);
  for (const other of row.querySelectorAll('.cite[aria-expanded="true"]')) closeSource(other);
  row.append(opened);
  link.setAttribute("aria-expanded", "true");
}

function closeSource(link) {
  link.closest(".row").querySelector(".opened")?.remove();
  link.setAttribute("aria-expanded", "false");
  link.focus({ preventScroll: true });
}

const toggle = (link) => (link.getAttribute("aria-expanded") === "true" ? closeSource(link) : openSource(link));

for (const link of document.querySelectorAll(".article .cite")) {
  link.setAttribute("role", "button");
  link.setAttribute("aria-expanded", "false");
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    toggle(link);
  });
  link.addEventListener("keydown", (event) => {
    if (event.key === " ") { event.preventDefault(); toggle(link); }
  });
}
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const row = document.activeElement?.closest(".row");
  const open = row?.querySelector('.cite[aria-expanded="true"]');
  if (open) closeSource(open);
});
