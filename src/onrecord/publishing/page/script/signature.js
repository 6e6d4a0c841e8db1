// Ed25519 (RFC 8032, section 5.1.7): the browser's own where it has it, else in plain whole numbers.

async function goodSignature(key, message, signature) {
  if (subtle()) {
    try {
      const imported = await subtle().importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
      return await subtle().verify({ name: "Ed25519" }, imported, signature, message);
    } catch { /* this browser has no Ed25519: ours */ }
  }
  return ourGoodSignature(key, message, signature);
}

const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const mod = (value) => { const rest = value % P; return rest < 0n ? rest + P : rest; };

function power(base, exponent) {
  let result = 1n;
  for (let square = mod(base), left = exponent; left > 0n; left >>= 1n, square = mod(square * square)) {
    if (left & 1n) result = mod(result * square);
  }
  return result;
}

const D = mod(-121665n * power(121666n, P - 2n));
const littleEndian = (bytes) => BigInt(`0x${hex(Uint8Array.from(bytes).reverse()) || "0"}`);

// A point is [X, Y, Z, T] with x = X/Z, y = Y/Z, x*y = T/Z.
function sum([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = mod((y1 - x1) * (y2 - x2)), b = mod((y1 + x1) * (y2 + x2));
  const c = mod(2n * t1 * t2 * D), d = mod(2n * z1 * z2);
  const e = b - a, f = d - c, g = d + c, h = b + a;
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

function times(scalar, point) {
  let result = [0n, 1n, 1n, 0n];
  for (let left = scalar, doubled = point; left > 0n; left >>= 1n, doubled = sum(doubled, doubled)) {
    if (left & 1n) result = sum(result, doubled);
  }
  return result;
}

function decodePoint(bytes) {
  const raw = littleEndian(bytes), sign = raw >> 255n, y = raw & (2n ** 255n - 1n);
  if (y >= P) return null;
  const u = mod(y * y - 1n), v = mod(D * y * y + 1n);
  let x = mod(u * v ** 3n * power(u * v ** 7n, (P - 5n) / 8n));
  if (mod(v * x * x) === mod(-u)) x = mod(x * power(2n, (P - 1n) / 4n));
  if (mod(v * x * x) !== u || (x === 0n && sign === 1n)) return null;
  if ((x & 1n) !== sign) x = P - x;
  return [x, y, 1n, mod(x * y)];
}

function encodePoint([x, y, z]) {
  const inverse = power(z, P - 2n);
  const raw = mod(y * inverse) | ((mod(x * inverse) & 1n) << 255n);
  return unhex(raw.toString(16).padStart(64, "0")).reverse();
}

// A key is a point in its one encoding, and not one of the eight that anybody can sign for.
function soundKey(key) {
  const point = decodePoint(key);
  return point !== null && times(8n, point)[0] !== 0n;
}

async function ourGoodSignature(key, message, signature) {
  const r = signature.subarray(0, 32), s = littleEndian(signature.subarray(32));
  const point = decodePoint(key);
  if (signature.length !== 64 || s >= ORDER || point === null) return false;
  const base = decodePoint(unhex(`58${"66".repeat(31)}`));
  const k = littleEndian(await sha512(joined(r, key, message))) % ORDER;
  const [x, y, z, t] = times(k, point);
  return hex(encodePoint(sum(times(s, base), [mod(-x), y, z, mod(-t)]))) === hex(r);
}
