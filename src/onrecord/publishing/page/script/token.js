// An RFC 3161 time-stamp token: what a time authority has signed over the hash of a listing, and by which certificate.

const SIGNED_DATA = "1.2.840.113549.1.7.2", TST_INFO = "1.2.840.113549.1.9.16.1.4";
const CONTENT_TYPE = "1.2.840.113549.1.9.3", MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
const SIGNING = "1.2.840.113549.1.9.16.2.12", SIGNING_2 = "1.2.840.113549.1.9.16.2.47";

// The authority's whole answer (RFC 3161, section 2.4.2), which holds a token only where it granted one.
function readResponse(raw) {
  const parts = new Pieces(readDer(raw, SEQUENCE));
  const status = new Pieces(parts.take(SEQUENCE)).take(INTEGER);
  if (!["00", "01"].includes(integerIn(status))) throw new Refused("token.refused");
  const content = parts.take(SEQUENCE);
  parts.end();
  const [type, wrapped] = takeAll(content, OBJECT, 0xa0);
  der(objectName(type) === SIGNED_DATA);
  return readSignedData(only(wrapped, SEQUENCE));
}

function readSignedData(piece) {
  const parts = new Pieces(piece);
  der(integerIn(parts.take(INTEGER)) === "03");
  parts.take(SET);
  const [type, wrapped] = takeAll(parts.take(SEQUENCE), OBJECT, 0xa0);
  der(objectName(type) === TST_INFO);
  const content = only(wrapped, OCTETS).body;
  const [certificates, lists] = [0xa0, 0xa1].map((tag) => sequencesIn(parts.takeIf(tag)));
  const signer = readSigner(only(parts.take(SET), SEQUENCE));
  parts.end();
  return { ...readInfo(content), content, signer, certificates, lists };
}

const sequencesIn = (piece) => (piece ? new Pieces(piece).left.filter(({ tag }) => tag === SEQUENCE).map(({ raw }) => raw) : []);

function readSigner(piece) {
  const parts = new Pieces(piece);
  der(["01", "03"].includes(integerIn(parts.take(INTEGER))));
  const keyId = parts.takeIf(0x80), named = keyId ? null : takeAll(parts.take(SEQUENCE), SEQUENCE, INTEGER);
  const digest = algorithmIn(parts.take(SEQUENCE)).name, attributes = parts.take(0xa0);
  const algorithm = algorithmIn(parts.take(SEQUENCE)), signature = parts.take(OCTETS).body;
  parts.takeIf(0xa1);
  parts.end();
  const [issuer, serial] = named ? [hex(named[0].raw), integerIn(named[1])] : [];
  const isNamed = keyId ? (one) => hex(keyIdOf(one)) === hex(keyId.body) : (one) => one.issuer === issuer && one.serial === serial;
  const signed = joined(Uint8Array.of(SET), attributes.raw.subarray(1));
  return { isNamed, digest, algorithm, signature, attributes: readAttributes(attributes), signed };
}

function keyIdOf({ extensions }) {
  return extensions.has(KEY_ID) ? readDer(extensions.get(KEY_ID).value, OCTETS).body : new Uint8Array();
}

function readAttributes(piece) {
  const found = new Map();
  for (const one of new Pieces(piece).left) {
    der(one.tag === SEQUENCE);
    const [type, values] = takeAll(one, OBJECT, SET);
    const name = objectName(type);
    der(!found.has(name));
    found.set(name, values);
  }
  return found;
}

// TSTInfo (RFC 3161, section 2.4.2).
function readInfo(raw) {
  const parts = new Pieces(readDer(raw, SEQUENCE));
  der(integerIn(parts.take(INTEGER)) === "01");
  parts.take(OBJECT);
  const imprint = parts.take(SEQUENCE);
  integerIn(parts.take(INTEGER));
  const time = parts.take(TIME);
  parts.takeIf(SEQUENCE); parts.takeIf(0x01);
  const nonce = parts.takeIf(INTEGER);
  parts.takeIf(0xa0);
  const extensions = parts.takeIf(0xa1);
  if (extensions) onlyUnderstood(extensionsIn(extensions), []);
  parts.end();
  return { time: timeIn(time), written: timeWritten(time), ...readImprint(imprint, nonce) };
}

function readRequest(raw) {
  const parts = new Pieces(readDer(raw, SEQUENCE));
  der(integerIn(parts.take(INTEGER)) === "01");
  const imprint = parts.take(SEQUENCE);
  parts.takeIf(OBJECT);
  const nonce = parts.takeIf(INTEGER);
  parts.takeIf(0x01); parts.takeIf(0xa0);
  parts.end();
  return readImprint(imprint, nonce);
}

function readImprint(piece, nonce) {
  const [algorithm, digest] = takeAll(piece, SEQUENCE, OCTETS);
  return { hash: algorithmIn(algorithm).name, digest: hex(digest.body), nonce: nonce && integerIn(nonce) };
}

const isOver = async ({ hash, digest }, listing) => hex(await digestBy(digestNamed(hash), listing)) === digest;

// RFC 5652, section 5.4, and RFC 5816: what was signed is this content, by the holder of this very certificate.
async function attributesFit({ signer, content }, certificate) {
  const { attributes } = signer;
  if (!attributes.has(CONTENT_TYPE) || !attributes.has(MESSAGE_DIGEST)) return false;
  if (objectName(only(attributes.get(CONTENT_TYPE), OBJECT)) !== TST_INFO) return false;
  const stated = hex(only(attributes.get(MESSAGE_DIGEST), OCTETS).body);
  return stated === hex(await digestBy(digestNamed(signer.digest), content)) && namesCertificate(attributes, certificate);
}

// Both forms of that attribute may stand there; each has to name this certificate.
async function namesCertificate(attributes, { raw }) {
  const named = [SIGNING, SIGNING_2].filter((name) => attributes.has(name));
  for (const name of named) {
    const certificates = new Pieces(only(attributes.get(name), SEQUENCE)).take(SEQUENCE);
    const first = new Pieces(new Pieces(certificates).take(SEQUENCE));
    const algorithm = name === SIGNING_2 ? first.takeIf(SEQUENCE) : null;
    const digest = algorithm ? digestNamed(algorithmIn(algorithm).name) : name === SIGNING_2 ? "SHA-256" : "SHA-1";
    if (hex(first.take(OCTETS).body) !== hex(await digestBy(digest, raw))) return false;
  }
  return named.length > 0;
}

// One token over a listing, step by step. Certificates beside the token fill up the chain.
async function checkToken({ authority, certificates, crls = [], request, response, time }, listing) {
  const steps = [], about = { authority, steps };
  let token, signer, all;
  if (!(await step(steps, "token.form", () => { token = readResponse(unbase64(response)); return true; }))) return about;
  about.time = token.time;
  await step(steps, "token.imprint", () => isOver(token, listing));
  await step(steps, "token.request", async () => answers(token, readRequest(unbase64(request)), listing));
  await step(steps, "token.time", () => time === token.written);
  const found = await step(steps, "token.signer", () => {
    all = [...token.certificates, ...certificates.map(unbase64)].map(readCertificate);
    signer = all.find(token.signer.isNamed);
    return signer !== undefined;
  });
  if (found) await checkSigner(about, token, signer, all, crls);
  return about;
}

const answers = async (token, asked, listing) => asked.nonce === token.nonce && isOver(asked, listing);

async function checkSigner(about, token, signer, others, crls) {
  const { steps } = about;
  const { algorithm, digest, signed, signature } = token.signer;
  await step(steps, "token.attributes", () => attributesFit(token, signer));
  await step(steps, "token.signature", () => signedBy(signer.key, algorithm, digest, signed, signature));
  await step(steps, "token.purpose", () => forTimeStamping(signer));
  const chained = await step(steps, "token.chain", async () => {
    about.chain = await chainFrom(signer, others, token.time);
    const last = about.chain.at(-1);
    about.last = { signer: signer.name(), name: last.name(), fingerprint: hex(await sha256(last.raw)), isRoot: isRoot(last) };
    return true;
  });
  if (!chained || token.lists.length + crls.length === 0) return;
  await step(steps, "token.revoked", () => notRevoked(about.chain, [...token.lists, ...crls.map(unbase64)], token.time));
}
