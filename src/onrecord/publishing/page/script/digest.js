// SHA-256 and SHA-512: the browser's own where it has them; ours where it has not, and for files too large to
// hold at once. The constants are computed as FIPS 180-4 defines them: the fractions of roots of the first primes.

const HELD_AT_ONCE = 64 * 1024 * 1024;
const SLICE = 4 * 1024 * 1024;

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const utf8 = (text) => new TextEncoder().encode(text);

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return whole;
}

const subtle = () => globalThis.crypto?.subtle;

async function sha256(bytes) {
  if (subtle()) {
    try { return new Uint8Array(await subtle().digest("SHA-256", bytes)); } catch { /* ours, below */ }
  }
  return new Sha256().add(bytes).end();
}

async function sha512(bytes) {
  if (subtle()) {
    try { return new Uint8Array(await subtle().digest("SHA-512", bytes)); } catch { /* ours, below */ }
  }
  return ourSha512(bytes);
}

async function fileSha256(file) {
  if (file.size <= HELD_AT_ONCE) return sha256(new Uint8Array(await file.arrayBuffer()));
  const hash = new Sha256();
  for (let at = 0; at < file.size; at += SLICE) {
    hash.add(new Uint8Array(await file.slice(at, at + SLICE).arrayBuffer()));
  }
  return hash.end();
}

function rootOf(value, power) {
  let low = 0n, high = 1n << (BigInt(value.toString(2).length) / power + 1n);
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** power <= value) low = middle; else high = middle;
  }
  return low;
}

const constants = (() => {
  const primes = [];
  for (let n = 2; primes.length < 80; n++) if (primes.every((prime) => n % prime)) primes.push(n);
  const fraction = (prime, power) => BigInt.asUintN(64, rootOf(BigInt(prime) << (64n * power), power));
  const starts = primes.slice(0, 8).map((prime) => fraction(prime, 2n));
  const rounds = primes.map((prime) => fraction(prime, 3n));
  const upper = (value) => Number(value >> 32n);
  return { starts, rounds, starts32: starts.map(upper), rounds32: Uint32Array.from(rounds.slice(0, 64), upper) };
})();

class Sha256 {
  constructor() {
    this.state = Uint32Array.from(constants.starts32);
    this.words = new Uint32Array(64);
    this.block = new Uint8Array(64);
    this.filled = 0;
    this.size = 0;
  }

  add(bytes) {
    this.size += bytes.length;
    for (let at = 0; at < bytes.length;) {
      const step = Math.min(64 - this.filled, bytes.length - at);
      this.block.set(bytes.subarray(at, at + step), this.filled);
      this.filled += step;
      at += step;
      if (this.filled === 64) { this.mix(); this.filled = 0; }
    }
    return this;
  }

  mix() {
    const w = this.words, k = constants.rounds32, view = new DataView(this.block.buffer);
    const turn = (x, n) => (x >>> n) | (x << (32 - n));
    for (let i = 0; i < 16; i++) w[i] = view.getUint32(4 * i);
    for (let i = 16; i < 64; i++) {
      const a = w[i - 15], b = w[i - 2];
      w[i] = w[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + w[i - 7] + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = this.state;
    for (let i = 0; i < 64; i++) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + k[i] + w[i]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((value, i) => { this.state[i] += value; });
  }

  end() {
    const bits = this.size * 8;
    this.add(Uint8Array.of(0x80));
    this.add(new Uint8Array((120 - this.filled) % 64));
    const length = new DataView(new ArrayBuffer(8));
    length.setUint32(0, Math.floor(bits / 2 ** 32));
    length.setUint32(4, bits >>> 0);
    this.add(new Uint8Array(length.buffer));
    const out = new DataView(new ArrayBuffer(32));
    this.state.forEach((value, i) => out.setUint32(4 * i, value));
    return new Uint8Array(out.buffer);
  }
}

function ourSha512(bytes) {
  const padded = new Uint8Array(Math.ceil((bytes.length + 17) / 128) * 128);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(bytes.length) * 8n);
  const cut = (x) => BigInt.asUintN(64, x);
  const turn = (x, n) => cut((x >> n) | (x << (64n - n)));
  let state = constants.starts;
  for (let at = 0; at < padded.length; at += 128) {
    const w = Array.from({ length: 16 }, (_, i) => view.getBigUint64(at + 8 * i));
    for (let i = 16; i < 80; i++) {
      const a = w[i - 15], b = w[i - 2];
      w.push(cut(w[i - 16] + (turn(a, 1n) ^ turn(a, 8n) ^ (a >> 7n)) + w[i - 7] + (turn(b, 19n) ^ turn(b, 61n) ^ (b >> 6n))));
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 80; i++) {
      const one = h + (turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n)) + ((e & f) ^ (~e & g)) + constants.rounds[i] + w[i];
      const two = (turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
      h = g; g = f; f = e; e = cut(d + one); d = c; c = b; b = a; a = cut(one + two);
    }
    state = [a, b, c, d, e, f, g, h].map((value, i) => cut(value + state[i]));
  }
  const out = new DataView(new ArrayBuffer(64));
  state.forEach((value, i) => out.setBigUint64(8 * i, value));
  return new Uint8Array(out.buffer);
}
