// X.509 certificates (RFC 5280), as far as a time authority's have to be read, and the chain they make.

const CONSTRAINTS = "2.5.29.19", KEY_USAGE = "2.5.29.15", EXTENDED = "2.5.29.37", KEY_ID = "2.5.29.14";
// Those that are read here, or that change nothing about a token's time.
const UNDERSTOOD = [CONSTRAINTS, KEY_USAGE, EXTENDED, KEY_ID, "2.5.29.17", "2.5.29.31", "2.5.29.32", "2.5.29.35"];
const TIME_STAMPING = "1.3.6.1.5.5.7.3.8", ANY_USE = "2.5.29.37.0";
const LONGEST_CHAIN = 8;
const MOST_SIGNATURES = 40;

function readCertificate(raw) {
  const [signed, algorithm, signature] = takeAll(readDer(raw, SEQUENCE), SEQUENCE, SEQUENCE, BIT_STRING);
  const parts = new Pieces(signed);
  parts.takeIf(0xa0);
  const serial = integerIn(parts.take(INTEGER));
  der(hex(parts.take(SEQUENCE).raw) === hex(algorithm.raw));
  const issuer = parts.take(SEQUENCE), [from, until] = new Pieces(parts.take(SEQUENCE)).left.map(timeIn);
  const subject = parts.take(SEQUENCE), key = readSpki(parts.take(SEQUENCE));
  for (const tag of [0x81, 0xa1, 0x82, 0xa2]) parts.takeIf(tag);
  const extensions = readExtensions(parts.takeIf(0xa3));
  parts.end();
  der(until !== undefined);
  return {
    raw, serial, from, until, key, extensions, signed: signed.raw, algorithm: algorithmIn(algorithm), signature: wholeBytes(signature),
    issuer: hex(issuer.raw), subject: hex(subject.raw), name: () => nameIn(subject),
  };
}

function readSpki(piece) {
  const [algorithm, bits] = takeAll(piece, SEQUENCE, BIT_STRING);
  const { name, parameter } = algorithmIn(algorithm);
  return { name, curve: name === ELLIPTIC && parameter?.tag === OBJECT ? objectName(parameter) : null, raw: piece.raw, bytes: wholeBytes(bits) };
}

const readExtensions = (wrapped) => (wrapped ? extensionsIn(only(wrapped, SEQUENCE)) : new Map());

function extensionsIn(list) {
  const found = new Map();
  for (const piece of new Pieces(list).left) {
    der(piece.tag === SEQUENCE);
    const parts = new Pieces(piece);
    const name = objectName(parts.take(OBJECT)), critical = truthIn(parts.takeIf(0x01));
    der(!found.has(name));
    found.set(name, { critical, value: parts.take(OCTETS).body });
    parts.end();
  }
  return found;
}

function onlyUnderstood(extensions, understood) {
  if ([...extensions].some(([name, { critical }]) => critical && !understood.includes(name))) throw new Refused("token.critical");
}

// What to call its holder: the common name, or else the organisation.
function nameIn(subject) {
  let name = "";
  for (const set of new Pieces(subject).left) {
    for (const pair of new Pieces(set).left) {
      const [type, value] = new Pieces(pair).left;
      const kind = objectName(type);
      if (kind === "2.5.4.3" || (!name && kind === "2.5.4.10")) name = new TextDecoder().decode(value.body.subarray(0, 200));
    }
  }
  return name;
}

const isRoot = (certificate) => certificate.issuer === certificate.subject;

// Bits are counted from the first of the first byte; without the extension any use is allowed.
function mayUse({ extensions }, ...wanted) {
  if (!extensions.has(KEY_USAGE)) return true;
  const bytes = readDer(extensions.get(KEY_USAGE).value, BIT_STRING).body.subarray(1);
  return wanted.some((bit) => bytes[bit >> 3] & (0x80 >> (bit & 7)));
}

const usesOf = ({ value }) => new Pieces(readDer(value, SEQUENCE)).left.map(objectName);

// RFC 3161, section 2.3: for time stamping, for nothing else, and critical.
function forTimeStamping(certificate) {
  onlyUnderstood(certificate.extensions, UNDERSTOOD);
  const stated = certificate.extensions.get(EXTENDED);
  return Boolean(stated?.critical) && usesOf(stated).every((use) => use === TIME_STAMPING) && usesOf(stated).length > 0 && mayUse(certificate, 0, 1);
}

function mustBeValid({ from, until }, time) {
  if (time < from || time > until) throw new Refused("token.expired");
}

// Whether it may stand above so many other authorities. Throws Refused with the reason.
function mustBeIssuer(certificate, below) {
  const { extensions } = certificate, stated = extensions.get(CONSTRAINTS), uses = extensions.get(EXTENDED);
  onlyUnderstood(extensions, UNDERSTOOD);
  const parts = stated && new Pieces(readDer(stated.value, SEQUENCE));
  const authority = Boolean(parts) && truthIn(parts.takeIf(0x01)), most = parts?.takeIf(INTEGER);
  const stampsTime = !uses || isRoot(certificate) || usesOf(uses).some((use) => use === TIME_STAMPING || use === ANY_USE);
  if (!authority || !mayUse(certificate, 5) || !stampsTime || (most && below > countIn(most))) throw new Refused("token.issuer");
}

const issuedBy = (certificate, issuer) => signedBy(issuer.key, certificate.algorithm, null, certificate.signed, certificate.signature);

// The certificates from this one upwards: to a root where they lead to one, else as far as they go.
async function chainFrom(signer, others, time) {
  mustBeValid(signer, time);
  return climb([signer], others, time, { left: MOST_SIGNATURES });
}

async function climb(chain, others, time, counter) {
  const top = chain.at(-1);
  if (isRoot(top)) return chain;
  let best = null, wrong = null;
  for (const above of others) {
    if (above.subject !== top.issuer || chain.includes(above)) continue;
    counter.left -= 1;
    if (chain.length === LONGEST_CHAIN || counter.left < 0) throw new Refused("token.long");
    try {
      if (!(await issuedBy(top, above))) throw new Refused("token.issued");
      mustBeIssuer(above, chain.length - 1);
      mustBeValid(above, time);
      best = better(best, await climb([...chain, above], others, time, counter));
    } catch (error) { wrong ??= error; }
  }
  if (!best && wrong) throw wrong;
  return best ?? chain;
}

const rank = (chain) => (isRoot(chain.at(-1)) ? LONGEST_CHAIN : 0) + chain.length;
const better = (one, other) => (one && rank(one) >= rank(other) ? one : other);
