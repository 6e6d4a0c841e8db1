// Lists of revoked certificates (RFC 5280, section 5) that were kept with a token.

const REASON = "2.5.29.21";
const UNDERSTOOD_IN_LISTS = ["2.5.29.20", "2.5.29.28", "2.5.29.35"];
// Reasons that leave earlier tokens good (RFC 3161, section 4): the key was not stolen, and a reason was given.
const HARMLESS = ["00", "03", "04", "05", "09"];

function readList(raw) {
  const [signed, algorithm, signature] = takeAll(readDer(raw, SEQUENCE), SEQUENCE, SEQUENCE, BIT_STRING);
  const parts = new Pieces(signed);
  parts.takeIf(INTEGER);
  der(hex(parts.take(SEQUENCE).raw) === hex(algorithm.raw));
  const issuer = hex(parts.take(SEQUENCE).raw);
  timeOf(parts);
  parts.takeIf(UTC_TIME) ?? parts.takeIf(TIME);
  const rows = parts.takeIf(SEQUENCE);
  onlyUnderstood(readExtensions(parts.takeIf(0xa0)), UNDERSTOOD_IN_LISTS);
  parts.end();
  const revoked = rows ? new Pieces(rows).left.map(readRevoked) : [];
  return { issuer, signed: signed.raw, algorithm: algorithmIn(algorithm), signature: wholeBytes(signature), revoked };
}

function timeOf(parts) {
  der(parts.left.length > 0);
  return timeIn(parts.left.shift());
}

function readRevoked(row) {
  der(row.tag === SEQUENCE);
  const parts = new Pieces(row);
  const serial = integerIn(parts.take(INTEGER)), at = timeOf(parts), stated = parts.takeIf(SEQUENCE);
  const extensions = stated ? extensionsIn(stated) : new Map();
  onlyUnderstood(extensions, [REASON]);
  return { serial, at, reason: extensions.has(REASON) ? integerIn(readDer(extensions.get(REASON).value, 0x0a)) : null };
}

// Whether nothing in these lists speaks against the chain at this time. Lists of other authorities say nothing of it.
async function notRevoked(chain, lists, time) {
  for (const list of lists.map(readList)) {
    const above = chain.find((one) => one.subject === list.issuer);
    if (!above) continue;
    if (!(await signedBy(above.key, list.algorithm, null, list.signed, list.signature))) throw new Refused("token.list");
    const against = list.revoked.filter(({ serial }) => chain.some((one) => one.issuer === list.issuer && one.serial === serial));
    if (against.some(({ at, reason }) => at <= time || !HARMLESS.includes(reason))) return false;
  }
  return true;
}
