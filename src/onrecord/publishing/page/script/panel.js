// The reader's side of the check: choosing the folder, and saying what came of it.

function printedOnPage() {
  const sources = new Map();
  for (const words of document.querySelectorAll("[data-words]")) {
    const n = Number(words.dataset.words);
    sources.set(n, { words: words.textContent, who: document.querySelector(`[data-who="${n}"]`).textContent });
  }
  return { sources, fingerprint: byId("fingerprint").textContent };
}

async function check(files) {
  byId("result").replaceChildren();
  if (files.size === 0) return unreadable("no.folder");
  if (!files.has("manifest.json") && !files.has("proofs.json")) return unreadable("no.manifest");
  state("checking", "how.checking");
  byId("progress").hidden = false;
  const found = await checkDossier(files, printedOnPage(), showProgress);
  byId("progress").hidden = true;
  const good = found.problems.length === 0;
  state(good ? "proven" : "failed", good ? "how.verified" : "how.failed");
  byId("pick").textContent = say("js.again");
  byId("result").replaceChildren(outcome(found, good));
}

function showProgress(done, total) {
  byId("progress-words").textContent = say("js.busy", { done, total });
  byId("progress-bar").value = total ? done / total : 1;
}

function state(shape, key) {
  byId("verdict").className = `state ${shape}`;
  byId("verdict").textContent = say(key);
}

function unreadable(key) {
  state("unchecked", "how.unchecked");
  const heading = element("h3", "", element("span", "state unchecked", say("js.unreadable")));
  byId("result").replaceChildren(element("div", "outcome", heading, element("p", "", say(`js.${key}`))));
}

function outcome(found, good) {
  const heading = element("h3", "", element("span", `state ${good ? "proven" : "failed"}`, say(good ? "js.ok" : "js.failed")));
  const note = element("p", "quiet", say(good ? "js.ok.note" : "js.failed.note", { count: found.problems.length }));
  const box = element("div", `outcome ${good ? "good" : "bad"}`, heading, note);
  if (found.problems.length) box.append(element("ul", "problems", ...found.problems.map(problem)));
  box.append(element("ul", "steps", ...found.steps.map(stepLine)));
  if (found.fingerprint) box.append(keyLine(found.fingerprint));
  return box;
}

function problem({ what, where }) {
  const place = element("bdi", "", /^[0-9]+$/.test(where) ? say("js.source", { number: where }) : where);
  return element("li", "", place, `: ${say(`js.${what}`)}.`);
}

function stepLine({ name, good, count }) {
  return element("li", good ? "good" : "bad", element("span", "", say(`js.${good ? "step" : "not"}.${name}`, { count })));
}

function keyLine(fingerprint) {
  const words = element("p", "quiet", say("js.key"));
  const key = element("p", "fingerprint", fingerprint);
  key.dir = "ltr";
  return element("div", "signer", words, key);
}

const folder = byId("folder"), loose = byId("files"), target = document.querySelector(".try");
byId("chooser").hidden = false;
byId("no-directory").hidden = "webkitdirectory" in folder;
byId("pick").addEventListener("click", () => folder.click());
byId("pick-files").addEventListener("click", () => loose.click());
for (const input of [folder, loose]) {
  input.addEventListener("change", async () => {
    const files = chosenFiles(input.files);
    await check(files);
    input.value = "";
  });
}
target.addEventListener("dragover", (event) => { event.preventDefault(); target.classList.add("over"); });
target.addEventListener("dragleave", () => target.classList.remove("over"));
target.addEventListener("drop", async (event) => {
  event.preventDefault();
  target.classList.remove("over");
  await check(await droppedFiles(event.dataTransfer.items));
});
