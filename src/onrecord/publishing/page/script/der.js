// DER (X.690, section 10) read strictly: one way to write each value, and nothing left over. A piece is read only when
// it is asked for, so that nothing nested deep, however deep, is followed.

const LARGEST_DER = 1 << 20;
const MOST_PIECES = 20000;
const INTEGER = 0x02, BIT_STRING = 0x03, OCTETS = 0x04, OBJECT = 0x06, UTC_TIME = 0x17, TIME = 0x18, SEQUENCE = 0x30, SET = 0x31;

function der(holds) {
  if (!holds) throw new Refused("der");
}

function readDer(bytes, tag) {
  der(bytes.length <= LARGEST_DER);
  const pieces = piecesOf(bytes);
  der(pieces.length === 1 && pieces[0].tag === tag);
  return pieces[0];
}

// All the pieces that stand one after another in these bytes.
function piecesOf(bytes) {
  const pieces = [];
  for (let at = 0; at < bytes.length;) {
    const [start, end] = extent(bytes, at);
    pieces.push({ tag: bytes[at], body: bytes.subarray(start, end), raw: bytes.subarray(at, end) });
    der(pieces.length <= MOST_PIECES);
    at = end;
  }
  return pieces;
}

// Where the content of the piece at this place starts and ends. Refuses long tags and lengths written at length.
function extent(bytes, at) {
  der((bytes[at] & 0x1f) !== 0x1f && at + 1 < bytes.length);
  const first = bytes[at + 1], more = first & 0x7f;
  if (first < 0x80) return within(bytes, at + 2, first);
  der(more >= 1 && more <= 4 && at + 2 + more <= bytes.length);
  const length = bytes.subarray(at + 2, at + 2 + more).reduce((sum, byte) => sum * 256 + byte, 0);
  der(length >= 0x80 && length >= 256 ** (more - 1));
  return within(bytes, at + 2 + more, length);
}

function within(bytes, start, length) {
  der(start + length <= bytes.length);
  return [start, start + length];
}

// Takes the pieces of a constructed one in their order.
class Pieces {
  constructor(piece) {
    der(piece.tag & 0x20);
    this.left = piecesOf(piece.body);
  }

  take(tag) {
    der(this.left.length > 0 && this.left[0].tag === tag);
    return this.left.shift();
  }

  takeIf(tag) {
    return this.left[0]?.tag === tag ? this.left.shift() : null;
  }

  end() { der(this.left.length === 0); }
}

function takeAll(piece, ...tags) {
  const pieces = new Pieces(piece);
  const taken = tags.map((tag) => pieces.take(tag));
  pieces.end();
  return taken;
}

const only = (piece, tag) => takeAll(piece, tag)[0];

function objectName({ body }) {
  der(body.length > 0 && body.length <= 64 && body.at(-1) < 0x80);
  const numbers = [];
  let number = 0, fresh = true;
  for (const byte of body) {
    der(!(fresh && byte === 0x80));
    number = number * 128 + (byte & 0x7f);
    fresh = byte < 0x80;
    if (fresh) { numbers.push(number); number = 0; }
  }
  const root = Math.min(Math.floor(numbers[0] / 40), 2);
  return [root, numbers[0] - 40 * root, ...numbers.slice(1)].join(".");
}

// An integer in hex, as it stands; two are equal when they are written alike.
function integerIn({ body }) {
  der(body.length > 0);
  der(body.length === 1 || !((body[0] === 0 && body[1] < 0x80) || (body[0] === 0xff && body[1] >= 0x80)));
  return hex(body);
}

// A small whole number.
function countIn(piece) {
  const digits = integerIn(piece);
  der(digits.length <= 8 && piece.body[0] < 0x80);
  return parseInt(digits, 16);
}

function truthIn(piece) {
  der(piece === null || ["00", "ff"].includes(hex(piece.body)));
  return piece !== null && piece.body[0] === 0xff;
}

// The bytes of a bit string of whole bytes.
function wholeBytes({ body }) {
  der(body.length > 0 && body[0] === 0);
  return body.subarray(1);
}

const CLOCK = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{0,9}[1-9])?Z$/;

// Milliseconds since 1970. UTCTime has two digits for the year (RFC 5280, section 4.1.2.5.1).
function timeIn({ tag, body }) {
  const written = String.fromCharCode(...body.subarray(0, 40));
  const century = Number(written.slice(0, 2)) < 50 ? "20" : "19";
  const [, ...parts] = CLOCK.exec(tag === UTC_TIME ? century + written : written) ?? [];
  der(parts.length > 0 && (tag === TIME || (tag === UTC_TIME && !parts[6])));
  const [year, month, day, hour, minute, second] = parts.map(Number);
  const time = new Date(0);
  time.setUTCFullYear(year, month - 1, day);
  time.setUTCHours(hour, minute, second);
  der(year > 0 && time.getUTCMonth() === month - 1 && time.getUTCDate() === day && hour < 24 && minute < 60 && second < 60);
  return time.getTime() + Math.floor(Number(`0${parts[6] ?? ""}`) * 1000);
}

// A moment as it is kept beside a token, with as many digits as the token gives.
function timeWritten(piece) {
  timeIn(piece);
  return String.fromCharCode(...piece.body).replace(/^(....)(..)(..)(..)(..)/, "$1-$2-$3T$4:$5:");
}
