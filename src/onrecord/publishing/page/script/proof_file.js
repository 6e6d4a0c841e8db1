// The check of a proof file, as its format document lists it. Every step is good, bad, could not be taken in this browser
// ("unable"), or has nothing to check ("aside").

const LARGEST_PROOF = 48 * 1024 * 1024;
const LARGEST_BODY = 1 << 24;
const MOST_STAMPS = 64;
const idText = like(/^[a-z2-7]{16}$/);
const fewOf = (shape) => (value) => listOf(shape)(value) && value.length <= MOST_STAMPS;
const TOKEN = members({ authority: text, certificates: listOf(text), crls: listOf(text), request: text, response: text, time: text }, "crls");
const STAMP = members({ calendars: fewOf(members({ calendar: text, proof: text })), listing: text, tokens: fewOf(TOKEN) }, "calendars");
const PROOF = members({
  body: text,
  checkpoint: text,
  entry: like(ENTRY),
  format: is("onrecord proof 1"),
  head: text,
  path: (value) => listOf(hash)(value) && value.length <= 64,
  record: idText,
  salt: hash,
  stamps: fewOf(STAMP),
  vkey: text,
}, "body", "salt", "checkpoint");
const BODY = members({
  author: text, clock: whole, fields: (value) => value !== null && typeof value === "object" && !Array.isArray(value), kind: text,
  reason: text, slug: text, supersedes: (value) => listOf(like(ENTRY))(value) && value.length > 0 && ascending(value, (name) => name), thing: idText,
}, "reason", "slug", "supersedes");
const CONTROL = /^(record|person|device|property|release|export|merge|fork|revocation|recovery|stamp|erasure|sent)$/;

// What was found: steps about the entry, and a list of steps for each token.
class ProofFindings {
  constructor() {
    this.steps = [];
    this.tokens = [];
    this.known = {};
  }

  get verdict() {
    const states = new Set([this, ...this.tokens].flatMap(({ steps }) => steps).map(({ state }) => state));
    return ["bad", "unable"].find((state) => states.has(state)) ?? "good";
  }
}

const put = (steps, name, state, values = {}) => steps.push({ name, state, values });

// Takes one step and puts down what came of it: true, false, or a reason thrown. What we did not foresee is never good.
async function step(steps, name, work, values = {}) {
  try {
    put(steps, name, (await work()) ? "good" : "bad", values);
  } catch (error) {
    if (error instanceof Unable) put(steps, name, "unable", values);
    else put(steps, name, "bad", { ...values, why: error instanceof Refused ? error.what : "unread" });
  }
  return steps.at(-1).state === "good";
}

// `proof` and `original` are files; the original may be null. Nothing in either is trusted.
async function checkProof(proof, original) {
  const found = new ProofFindings(), { steps, known } = found;
  if (!(await step(steps, "form", () => readProof(proof, known)))) return found;
  try { await checkParts(found, original); } catch { put(steps, "form", "bad", { why: "unread" }); }
  return found;
}

// A step that rests on one that did not hold is not taken.
async function checkParts(found, original) {
  const { steps, known } = found, [, row, seq] = ENTRY.exec(known.proof.entry);
  known.log = logOf(row);
  if (await step(steps, "head", () => readHead(known, known.log, Number(seq)), { entry: known.proof.entry })) {
    await checkBody(steps, known);
    await checkOriginal(steps, known, original);
    await checkPlace(steps, known, Number(seq));
  }
  if (known.proof.stamps.length === 0) put(steps, "stamps", "aside");
  for (const stamp of known.proof.stamps) await checkStamp(found, stamp);
}

async function readProof(file, known) {
  if (file.size > LARGEST_PROOF) throw new Refused("large");
  known.proof = readCanonical(new Uint8Array(await file.arrayBuffer()));
  const { body, salt, checkpoint, stamps } = known.proof;
  if (!PROOF(known.proof) || (body === undefined) !== (salt === undefined)) throw new Refused("members");
  if (stamps.some(({ tokens, calendars = [] }) => tokens.length + calendars.length > MOST_STAMPS)) throw new Refused("members");
  if (checkpoint === undefined && stamps.length === 0) throw new Refused("nothing");
  return true;
}

function readHead(known, log, seq) {
  known.head = namesItself(known.proof.head, log, seq) ? readCanonical(utf8(known.proof.head)) : null;
  return known.head !== null;
}

async function checkBody(steps, known) {
  const { body, salt } = known.proof;
  if (body === undefined) { put(steps, "body", "aside"); return; }
  await step(steps, "body", async () => {
    const commitment = await sha256(joined(utf8("onrecord body v1\n"), unhex(salt), utf8(body)));
    if (hex(commitment) !== known.head.commit) return false;
    const value = readCanonical(utf8(body));
    if (utf8(body).length > LARGEST_BODY || !BODY(value) || !fitsHead(value, known.head)) throw new Refused("members");
    known.body = value;
    return true;
  });
}

// The record format, section 4.
function fitsHead({ author, kind }, head) {
  const wanted = head.of || CONTROL.test(kind) ? "control" : kind === "custody" || kind === "terms" ? kind : "content";
  return kind !== "" && head.class === wanted && (kind === "release" ? author === head.log : idText(author));
}

// Whether the file at hand is the one that the entry is about.
async function checkOriginal(steps, known, original) {
  const { sha256: stated, size } = known.body?.fields ?? {};
  const named = { name: original?.name };
  const fits = async () => (size === undefined || original.size === size) && hex(await fileSha256(original)) === stated;
  if (hash(stated) && original) await step(steps, "original", fits, named);
  else if (hash(stated)) put(steps, "original", "aside");
  else if (original) put(steps, "original", "unable", named);
}

// The trees that the path may lead into: the one its log has signed, or else those that the first listing states for it.
async function checkPlace(steps, known, seq) {
  const { checkpoint, record, stamps, vkey } = known.proof;
  let trees = [];
  if (checkpoint === undefined) put(steps, "signature", "aside");
  const name = checkpoint === undefined ? "key" : "signature";
  await step(steps, name, async () => {
    const key = await readKey(vkey);
    if (key.origin !== `onrecord/${record}/${known.log}`) throw new Refused("key.wrong");
    trees = checkpoint === undefined ? rowsOf(stamps[0].listing, known.log) : [await readLog({ log: known.log, vkey, checkpoint }, true)];
    if (checkpoint !== undefined) known.fingerprint = await fingerprintOf(key.bytes);
    return true;
  });
  if (trees.length === 0) return;
  await step(steps, "path", async () => {
    const leaf = await leafHash(known.proof.head);
    for (const tree of trees) if (await leadsTo(tree.root, tree.size, leaf, seq, known.proof.path)) known.tree = tree;
    return known.tree !== undefined;
  }, { size: trees[0].size });
}

// What it leads to is for a person to look up, and so is put down without a judgement.
async function checkCalendar(steps, { calendar, proof }, listing) {
  let anchors = [];
  await step(steps, "calendar", async () => { anchors = await anchorsIn(unbase64(proof), listing); return true; }, { calendar });
  for (const anchor of anchors) put(steps, anchor.root ? "block" : "pending", "aside", anchor);
}

const rowsOf = (listing, log) => readListing(listing).logs.filter((row) => logOf(row.log) === log);

async function checkStamp({ steps, tokens, known }, stamp) {
  await step(steps, "listing", () => {
    if (readListing(stamp.listing).record !== known.proof.record) throw new Refused("record");
    const rows = rowsOf(stamp.listing, known.log);
    return rows.some(({ size, root }) => !known.tree || (size === known.tree.size && root === known.tree.root));
  });
  const listing = utf8(stamp.listing);
  for (const token of stamp.tokens) tokens.push(await checkToken(token, listing));
  for (const one of stamp.calendars ?? []) await checkCalendar(steps, one, listing);
}
