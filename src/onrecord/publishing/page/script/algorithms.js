// Which algorithms a token or a certificate may be signed with, and how the browser calls them. What it has not, or what
// we do not know, is neither good nor bad.

class Unable extends Error {}

const DIGESTS = new Map([
  ["2.16.840.1.101.3.4.2.1", "SHA-256"], ["2.16.840.1.101.3.4.2.2", "SHA-384"], ["2.16.840.1.101.3.4.2.3", "SHA-512"],
]);
const SIGNATURES = new Map([
  ["1.2.840.113549.1.1.11", ["rsa", "SHA-256"]], ["1.2.840.113549.1.1.12", ["rsa", "SHA-384"]], ["1.2.840.113549.1.1.13", ["rsa", "SHA-512"]],
  ["1.2.840.10045.4.3.2", ["ec", "SHA-256"]], ["1.2.840.10045.4.3.3", ["ec", "SHA-384"]], ["1.2.840.10045.4.3.4", ["ec", "SHA-512"]],
]);
const RSA = "1.2.840.113549.1.1.1", PSS = "1.2.840.113549.1.1.10", MASK = "1.2.840.113549.1.1.8", ELLIPTIC = "1.2.840.10045.2.1";
const CURVES = new Map([["1.2.840.10045.3.1.7", ["P-256", 32]], ["1.3.132.0.34", ["P-384", 48]]]);

function algorithmIn(piece) {
  const parts = new Pieces(piece);
  const name = objectName(parts.take(OBJECT));
  return { name, parameter: parts.left[0] ?? null };
}

async function digestBy(name, bytes) {
  const ours = { "SHA-256": sha256, "SHA-512": sha512 }[name];
  if (ours) return ours(bytes);
  try { return new Uint8Array(await subtle().digest(name, bytes)); } catch { throw new Unable(); }
}

function digestNamed(name) {
  if (!DIGESTS.has(name)) throw new Unable();
  return DIGESTS.get(name);
}

// Whether this key has signed these bytes. An RSA signature may be named without its hash, which then stands apart.
async function signedBy(key, algorithm, digest, message, signature) {
  const scheme = schemeOf(algorithm, digest);
  if (scheme.name === "ECDSA" ? key.name !== ELLIPTIC : key.name !== RSA && key.name !== PSS) throw new Refused("token.way");
  if (scheme.name !== "ECDSA") return soundRsa(key) && verifies(key.raw, scheme, signature, message);
  const [namedCurve, bytes] = CURVES.get(key.curve) ?? [];
  if (!namedCurve) throw new Unable();
  der(key.bytes.length === 2 * bytes + 1 && key.bytes[0] === 4);
  const plain = twoNumbers(signature, bytes);
  return plain !== null && verifies(key.raw, { ...scheme, namedCurve }, plain, message);
}

function schemeOf({ name, parameter }, digest) {
  if (name === PSS) return pssScheme(parameter);
  const [kind, hash] = name === RSA && digest ? ["rsa", digestNamed(digest)] : SIGNATURES.get(name) ?? [];
  if (!kind) throw new Unable();
  return { name: kind === "rsa" ? "RSASSA-PKCS1-v1_5" : "ECDSA", hash };
}

// RFC 8017, appendix A.2.3. What is left out there means SHA-1, which we do not take.
function pssScheme(parameter) {
  der(parameter?.tag === SEQUENCE);
  const parts = new Pieces(parameter);
  const [hashed, masked, salt] = [0xa0, 0xa1, 0xa2].map((tag) => parts.takeIf(tag));
  parts.end();
  if (!hashed || !masked) throw new Unable();
  const mask = algorithmIn(only(masked, SEQUENCE)), hash = digestNamed(algorithmIn(only(hashed, SEQUENCE)).name);
  if (mask.name !== MASK || digestNamed(algorithmIn(mask.parameter).name) !== hash) throw new Unable();
  return { name: "RSA-PSS", hash, saltLength: salt ? countIn(only(salt, INTEGER)) : 20 };
}

// From 2048 to 8192 bits, with an odd exponent from 3 to 33 bits.
function soundRsa({ bytes }) {
  const [modulus, exponent] = takeAll(readDer(bytes, SEQUENCE), INTEGER, INTEGER).map((piece) => BigInt(`0x${integerIn(piece)}`));
  return modulus >> 2047n > 0n && modulus >> 8192n === 0n && modulus % 2n === 1n && exponent >= 3n && exponent >> 33n === 0n && exponent % 2n === 1n;
}

async function verifies(spki, scheme, signature, message) {
  let key;
  try { key = await subtle().importKey("spki", spki, scheme, false, ["verify"]); } catch { throw new Unable(); }
  return subtle().verify(scheme, key, signature, message);
}

// The browser wants r and s side by side, each as long as the curve's numbers.
function twoNumbers(signature, length) {
  const numbers = takeAll(readDer(signature, SEQUENCE), INTEGER, INTEGER).map((piece) => unhex(integerIn(piece)));
  const plain = numbers.map((number) => (number[0] === 0 ? number.subarray(1) : number));
  if (plain.some((number, i) => number.length > length || numbers[i][0] >= 0x80)) return null;
  return joined(...plain.map((number) => joined(new Uint8Array(length - number.length), number)));
}
