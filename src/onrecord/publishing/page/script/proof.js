// The signed log beneath a release: keys, checkpoints, and the way from an entry to its log's root.

const LOG = "[a-z2-7]{16}\\.[1-9][0-9]{0,8}";
const ROW = `${LOG}(?:~[0-9a-f]{16})?`;
const ENTRY = new RegExp(`^(${ROW})/(0|[1-9][0-9]{0,12})$`);
const NOTE = new RegExp(`^((onrecord/([a-z2-7]{16})/(${LOG}))\\n([1-9][0-9]{0,12})\\n([A-Za-z0-9+/]{43}=)\\n)\\n((?:— [^\\s+]+ [A-Za-z0-9+/]+={0,2}\\n)+)$`);
const LARGEST_NOTE = 1 << 16;
const KEY = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/;

const HEAD = members({ class: like(/^(content|custody|terms|control)$/), commit: hash, log: text, of: like(ENTRY), seq: whole, v: is(1) }, "of");

function namesItself(head, log, seq) {
  try {
    const value = readCanonical(utf8(head));
    return HEAD(value) && value.log === log && value.seq === seq;
  } catch { return false; }
}

function unbase64(coded) {
  try {
    const raw = atob(coded);
    if (btoa(raw) === coded) return Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
  } catch { /* refused below */ }
  throw new Refused("note");
}

async function readKey(line) {
  const [, origin, shortHash, coded] = KEY.exec(line) ?? [];
  if (!origin) throw new Refused("key.wrong");
  const body = unbase64(coded);
  const expected = hex(await sha256(joined(utf8(`${origin}\n`), body))).slice(0, 8);
  if (body.length !== 33 || body[0] !== 1 || shortHash !== expected || !soundKey(body.subarray(1))) throw new Refused("key.wrong");
  return { origin, shortHash, bytes: body.subarray(1) };
}

// The checkpoint that a log's key has signed, perhaps with others beside it. Throws Refused with the reason.
async function readLog({ log, vkey, checkpoint }, cosigned = false) {
  const key = await readKey(vkey);
  const [, signed, origin, record, named, size, root, signatures] = NOTE.exec(checkpoint) ?? [];
  if (!signed || utf8(checkpoint).length > LARGEST_NOTE) throw new Refused("note");
  if (named !== log || key.origin !== origin) throw new Refused("key.wrong");
  const signature = ownSignature(signatures.split("\n").slice(0, -1), key, cosigned);
  if (!(await goodSignature(key.bytes, utf8(signed), signature))) throw new Refused("signature");
  return { record, size: Number(size), root: hex(unbase64(root)), key: key.bytes };
}

function ownSignature(lines, key, cosigned) {
  const found = new Map();
  for (const line of lines) {
    const [, name, coded] = line.split(" ");
    const raw = unbase64(coded), who = `${name} ${hex(raw.subarray(0, 4))}`;
    if (found.has(who)) throw new Refused("note");
    found.set(who, raw.subarray(4));
  }
  const own = found.get(`${key.origin} ${key.shortHash}`);
  if (!own) throw new Refused("key.wrong");
  if (own.length !== 64 || (lines.length > 1 && !cosigned)) throw new Refused("note");
  return own;
}

async function fingerprintOf(key) {
  return hex(await sha256(key)).slice(0, 32).match(/.{4}/g).join(" ");
}

const leafHash = async (head) => hex(await sha256(joined(Uint8Array.of(0), utf8(head))));
const nodeHash = (left, right) => sha256(joined(Uint8Array.of(1), left, right));

// RFC 9162, section 2.1.3.2.
async function leadsTo(root, size, leaf, index, path) {
  if (index >= size) return false;
  let at = index, last = size - 1, here = unhex(leaf);
  for (const step of path.map(unhex)) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      here = await nodeHash(step, here);
      while (at % 2 === 0 && at !== 0) { at /= 2; last = Math.floor(last / 2); }
    } else {
      here = await nodeHash(here, step);
    }
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && hex(here) === root;
}
