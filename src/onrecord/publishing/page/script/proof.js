// The signed log beneath a release: keys, checkpoints, and the way from an entry to its log's root.

const LOG = "[a-z2-7]{16}\\.[1-9][0-9]*";
const ENTRY = new RegExp(`^(${LOG})/(0|[1-9][0-9]*)$`);
const NOTE = new RegExp(`^((onrecord/([a-z2-7]{16})/(${LOG}))\\n(0|[1-9][0-9]*)\\n([A-Za-z0-9+/]{43}=)\\n)\\n— (\\S+) (\\S+)\\n$`);
const KEY = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/;

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
  if (body.length !== 33 || body[0] !== 1 || shortHash !== expected) throw new Refused("key.wrong");
  return { origin, shortHash, bytes: body.subarray(1) };
}

// The checkpoint that a log's key has signed. Throws Refused with the reason.
async function readLog({ log, vkey, checkpoint }) {
  const key = await readKey(vkey);
  const [, signed, origin, record, named, size, root, signer, coded] = NOTE.exec(checkpoint) ?? [];
  if (!signed) throw new Refused("note");
  const signature = unbase64(coded);
  if (signature.length !== 68 || signer !== origin) throw new Refused("note");
  if (named !== log || key.origin !== origin || hex(signature.subarray(0, 4)) !== key.shortHash) throw new Refused("key.wrong");
  if (!(await goodSignature(key.bytes, utf8(signed), signature.subarray(4)))) throw new Refused("signature");
  return { record, size: Number(size), root: hex(unbase64(root)), key: key.bytes };
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
