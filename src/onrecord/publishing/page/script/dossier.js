// The check of a dossier folder, as its format document lists it. Every problem says what is wrong and where.

const codePoints = (value) => Array.from(value, (letter) => letter.codePointAt(0).toString(16).padStart(6, "0")).join("");
const sortedListOf = (shape, key) => (value) => listOf(shape)(value) && ascending(value, key);
const leafOrder = ({ entry }) => { const [, log, seq] = ENTRY.exec(entry); return `${log} ${seq.padStart(16, "0")}`; };

// A path that means the same file on every computer, inside the folder.
const UNHOLDABLE = /[<>:"|?*\\\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}|[ .]$/u;
const path = (value) => text(value) && value.normalize("NFC") === value && value !== "manifest.json" && value !== "proofs.json"
  && value.split("/").every((part) => part !== "" && !UNHOLDABLE.test(part) && utf8(part).length <= 255);

const MANIFEST = members({
  audience: like(/^(team|partner|court|un|public)$/),
  built: whole,
  citations: listOf(members({
    entries: (value) => listOf(members({ entry: like(ENTRY), leaf: hash }))(value) && value.length > 0,
    n: whole,
    who: text,
    words: text,
  })),
  files: sortedListOf(members({ path, sha256: hash, size: whole }), (file) => codePoints(file.path)),
  format: is("onrecord dossier 1"),
  language: text,
  title: text,
  version: (value) => whole(value) && value >= 1,
});
const PROOFS = members({
  format: is("onrecord proofs 1"),
  leaves: sortedListOf(members({ entry: like(ENTRY), head: text, path: listOf(hash) }), leafOrder),
  logs: sortedListOf(members({ checkpoint: text, log: like(new RegExp(`^${LOG}$`)), vkey: text }), ({ log }) => log),
  release: members({ body: text, entry: like(ENTRY), salt: hash }),
});
const STEPS = ["files", "release", "signature", "entries", "page"];

class Findings {
  constructor() {
    this.problems = [];
    this.counts = new Map();
    this.fingerprint = null;
  }

  wrong(step, what, where) { this.problems.push({ step, what, where }); }

  // A step that was never reached, because what it rests on could not be read, is neither good nor bad.
  reached(step, count) { this.counts.set(step, count); }

  get steps() {
    const bad = new Set(this.problems.map((problem) => problem.step));
    return STEPS.filter((name) => this.counts.has(name) || bad.has(name))
      .map((name) => ({ name, good: !bad.has(name), count: this.counts.get(name) }));
  }
}

// `files` maps each path in the folder to its File; `printed` is what the page at hand shows.
async function checkDossier(files, printed, progress) {
  const found = new Findings();
  const manifest = await readPart(files, "manifest.json", MANIFEST, found);
  const proofs = await readPart(files, "proofs.json", PROOFS, found);
  if (manifest) {
    await checkFiles(files, manifest.value.files, found, progress);
    checkPage(manifest.value.citations, printed, found);
  }
  if (manifest && proofs) {
    const logs = await checkLogs(proofs.value, printed, found);
    const leaves = await checkLeaves(proofs.value, logs, found);
    await checkRelease(manifest, proofs.value, found);
    checkCitations(manifest.value, proofs.value, leaves, found);
  }
  return found;
}

async function readPart(files, path, shape, found) {
  const file = files.get(path);
  if (!file) { found.wrong("release", "missing", path); return null; }
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const value = readCanonical(bytes);
    if (shape(value)) return { bytes, value };
    found.wrong("release", "members", path);
  } catch (error) {
    found.wrong("release", error instanceof Refused ? error.what : "unread", path);
  }
  return null;
}

async function checkFiles(files, listed, found, progress) {
  const wanted = new Set(listed.map((file) => file.path));
  found.reached("files", listed.length);
  if (new Set(listed.map((file) => file.path.toLowerCase())).size !== listed.length) found.wrong("files", "value", "manifest.json");
  for (const [done, { path, sha256: expected, size }] of listed.entries()) {
    progress(done, listed.length);
    const file = files.get(path);
    if (!file) found.wrong("files", "missing", path);
    else if (file.size !== size) found.wrong("files", "size", path);
    else await checkHash(file, path, expected, found);
  }
  progress(listed.length, listed.length);
  for (const path of files.keys()) {
    if (!wanted.has(path) && path !== "manifest.json" && path !== "proofs.json") found.wrong("files", "added", path);
  }
}

async function checkHash(file, path, expected, found) {
  try {
    if (hex(await fileSha256(file)) !== expected) found.wrong("files", "altered", path);
  } catch { found.wrong("files", "unread", path); }
}

async function checkLogs({ logs, leaves, release }, printed, found) {
  const good = new Map();
  const records = new Set();
  found.reached("signature", logs.length);
  const used = new Set(leaves.map(({ entry }) => ENTRY.exec(entry)[1]));
  for (const log of logs) {
    if (!used.has(log.log)) found.wrong("signature", "leaf.extra", log.log);
    try {
      const checkpoint = await readLog(log);
      good.set(log.log, checkpoint);
      records.add(checkpoint.record);
    } catch (error) {
      found.wrong("signature", error instanceof Refused ? error.what : "signature", log.log);
    }
  }
  if (records.size > 1) found.wrong("signature", "record", "proofs.json");
  const signing = good.get(ENTRY.exec(release.entry)[1]);
  if (signing) found.fingerprint = await fingerprintOf(signing.key);
  if (signing && found.fingerprint !== printed.fingerprint) found.wrong("page", "key.differs", found.fingerprint);
  return good;
}

// The leaf hash of every entry whose proof leads to its signed log.
async function checkLeaves({ leaves }, logs, found) {
  const hashes = new Map();
  found.reached("entries", leaves.length);
  for (const { entry, head, path } of leaves) {
    const [, log, seq] = ENTRY.exec(entry);
    const checkpoint = logs.get(log);
    hashes.set(entry, await leafHash(head));
    if (!namesItself(head, log, Number(seq))) found.wrong("entries", "head", entry);
    else if (!checkpoint) found.wrong("entries", "log", entry);
    else if (!(await leadsTo(checkpoint.root, checkpoint.size, hashes.get(entry), Number(seq), path))) found.wrong("entries", "path", entry);
  }
  return hashes;
}

async function checkRelease(manifest, { release, leaves }, found) {
  const leaf = leaves.find((one) => one.entry === release.entry);
  found.reached("release", 1);
  if (!leaf) { found.wrong("release", "leaf.missing", release.entry); return; }
  let body, head;
  try {
    body = readCanonical(utf8(release.body));
    head = readCanonical(utf8(leaf.head));
  } catch { found.wrong("release", "noncanonical", release.entry); return; }
  const commitment = await sha256(joined(utf8("onrecord body v1\n"), unhex(release.salt), utf8(release.body)));
  if (hex(commitment) !== head?.commit) found.wrong("release", "commitment", release.entry);
  if (body?.kind !== "release" || body.author !== head?.log) found.wrong("release", "kind", release.entry);
  const stated = body?.fields ?? {};
  if (stated.manifest !== hex(await sha256(manifest.bytes))) found.wrong("release", "listing", "manifest.json");
  const differs = (name) => Object.hasOwn(stated, name) && stated[name] !== manifest.value[name];
  if (["audience", "title", "version"].some(differs)) found.wrong("release", "states", release.entry);
}

function checkCitations({ citations }, { release, leaves }, hashes, found) {
  const named = new Set([release.entry]);
  citations.forEach(({ n, entries }, place) => {
    if (n !== place + 1) found.wrong("entries", "value", "manifest.json");
    for (const { entry, leaf } of entries) {
      named.add(entry);
      if (!hashes.has(entry)) found.wrong("entries", "leaf.missing", entry);
      else if (hashes.get(entry) !== leaf) found.wrong("entries", "leaf", entry);
    }
  });
  for (const { entry } of leaves) if (!named.has(entry)) found.wrong("entries", "leaf.extra", entry);
}

function checkPage(citations, printed, found) {
  found.reached("page", citations.length);
  for (const { n, words, who } of citations) {
    const shown = printed.sources.get(n);
    if (!shown) found.wrong("page", "unlisted", String(n));
    else if (shown.words !== lineFeeds(words)) found.wrong("page", "words", String(n));
    else if (shown.who !== lineFeeds(who)) found.wrong("page", "speaker", String(n));
  }
  for (const n of printed.sources.keys()) {
    if (!citations.some((citation) => citation.n === n)) found.wrong("page", "unlisted", String(n));
  }
}

// A browser reads every line end in a page as a line feed.
const lineFeeds = (words) => words.replace(/\r\n?/g, "\n");
