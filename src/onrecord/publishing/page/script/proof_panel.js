// The reader's side of a proof's check: choosing the proof, and perhaps the file it is about, and saying what came of it.

const LONGEST_BODY = 20000;
const atHand = { proof: null, original: null, asked: 0 };

async function checkAtHand() {
  const asked = ++atHand.asked, place = byId("proof-result");
  byId("proof-name").textContent = atHand.proof?.name ?? "";
  byId("original-name").textContent = atHand.original?.name ?? "";
  if (!atHand.proof) return;
  place.replaceChildren(element("p", "quiet", say("js.proof.busy")));
  const found = await checkProof(atHand.proof, atHand.original);
  if (asked !== atHand.asked) return;
  place.replaceChildren(proofOutcome(found));
}

const SHAPES = { good: "proven", bad: "failed", unable: "unchecked" };

function proofOutcome(found) {
  const { verdict, known, steps, tokens } = found;
  const heading = element("h3", "", element("span", `state ${SHAPES[verdict]}`, say(`js.proof.${verdict}`)));
  const box = element("div", `outcome ${verdict}`, heading, element("p", "quiet", say(`js.proof.${verdict}.note`)));
  if (verdict === "good") box.append(claim(found));
  box.append(stepList(steps));
  if (known.fingerprint) box.append(comparison("js.proof.key", known.fingerprint));
  for (const token of tokens) box.append(stampPart(token));
  if (known.body) box.append(contents(known.proof.body));
  return box;
}

// What the proof shows in one sentence: what existed, and by when at the latest.
function claim({ known, tokens }) {
  const times = tokens.map(({ time }) => time);
  const said = `js.proof.shows.${known.body ? "body" : "entry"}${times.length ? ".time" : ""}`;
  const words = told("p", said, times.length ? { time: moment(Math.min(...times)) } : {});
  words.className = "claim";
  return words;
}

const moment = (time) => `${new Date(time).toISOString().slice(0, 19).replace("T", "\u00a0")}\u00a0UTC`;

const stepList = (steps) => element("ul", "steps", ...steps.map(proofStep));

function proofStep({ name, state, values }) {
  const words = told("span", `js.proof.${name}.${state}`, values);
  if (values.why) words.append(" ", say(`js.why.${values.why}`));
  return element("li", state, words);
}

function stampPart({ authority, steps, time, last }) {
  const values = { authority, time: time && moment(time) };
  const part = element("div", "stamp", told("h4", time ? "js.proof.stamp" : "js.proof.stamp.undated", values), stepList(steps));
  if (last) {
    const names = told("p", last.isRoot ? "js.proof.certificate" : "js.proof.certificate.part", last);
    part.append(names, comparison("js.proof.root", inFours(last.fingerprint)));
  }
  return part;
}

const inFours = (digits) => digits.match(/.{4}/g).join(" ");

function comparison(key, digits) {
  const shown = element("p", "fingerprint", digits);
  shown.dir = "ltr";
  return element("div", "signer", element("p", "quiet", say(key)), shown);
}

function contents(body) {
  const shown = element("pre", "machine", body.length > LONGEST_BODY ? `${body.slice(0, LONGEST_BODY)}…` : body);
  shown.dir = "ltr";
  shown.tabIndex = 0;
  return element("details", "contents", element("summary", "", say("js.proof.contents")), shown);
}

// Of dropped files, the one that looks like a proof is the proof, and another one is what it is about.
async function takeDropped(files) {
  for (const file of files) {
    if (await looksLikeProof(file)) atHand.proof = file;
    else if (files.length > 1 || atHand.proof) atHand.original = file;
    else atHand.proof = file;
  }
  await checkAtHand();
}

async function looksLikeProof(file) {
  if (file.size > LARGEST_PROOF) return false;
  try { return (await file.text()).includes('"format":"onrecord proof 1"'); } catch { return false; }
}

function choosing(button, input, take) {
  byId(button).addEventListener("click", () => byId(input).click());
  byId(input).addEventListener("change", async () => {
    const [file] = byId(input).files;
    if (file) { take(file); await checkAtHand(); }
    byId(input).value = "";
  });
}

byId("proof-chooser").hidden = false;
choosing("pick-proof", "proof-file", (file) => { if (atHand.proof) atHand.original = null; atHand.proof = file; });
choosing("pick-original", "original-file", (file) => { atHand.original = file; });
const landing = byId("proof-try");
landing.addEventListener("dragover", (event) => { event.preventDefault(); landing.classList.add("over"); });
landing.addEventListener("dragleave", () => landing.classList.remove("over"));
landing.addEventListener("drop", async (event) => {
  event.preventDefault();
  landing.classList.remove("over");
  await takeDropped([...event.dataTransfer.files]);
});
