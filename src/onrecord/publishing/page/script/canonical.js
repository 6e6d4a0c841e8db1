// Canonical JSON: there is one way to write each value, so bytes that are written otherwise are refused.

const DEEPEST = 64;

class Refused extends Error {
  constructor(what) { super(what); this.what = what; }
}

function readCanonical(bytes) {
  let text, value;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
  } catch { throw new Refused("noncanonical"); }
  if (deepness(value) > DEEPEST || writeCanonical(value) !== text) throw new Refused("noncanonical");
  return value;
}

// How many levels of objects and arrays stand in each other, counted without calling oneself.
function deepness(value) {
  let deep = 0;
  for (let level = [value]; ; deep++) {
    level = level.filter((one) => one !== null && typeof one === "object");
    if (level.length === 0 || deep > DEEPEST) return deep;
    level = level.flatMap((one) => Object.values(one));
  }
}

function writeCanonical(value) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw new Refused("noncanonical");
    return String(value);
  }
  if (typeof value === "string") return writeText(value);
  if (Array.isArray(value)) return `[${value.map(writeCanonical).join(",")}]`;
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${writeKey(key)}:${writeCanonical(value[key])}`).join(",")}}`;
}

function writeKey(key) {
  if (/[^\0-\x7f]/.test(key)) throw new Refused("noncanonical");
  return writeText(key);
}

function writeText(text) {
  if (/\p{Surrogate}/u.test(text)) throw new Refused("noncanonical");
  return JSON.stringify(text);
}

// A shape is a test of one value. An object has exactly the members its shape names, but for those it may lack.
const text = (value) => typeof value === "string";
const whole = (value) => Number.isSafeInteger(value) && value >= 0;
const is = (wanted) => (value) => value === wanted;
const like = (pattern) => (value) => text(value) && pattern.test(value);
const hash = like(/^[0-9a-f]{64}$/);
const listOf = (shape) => (value) => Array.isArray(value) && value.every(shape);
const members = (shape, ...mayLack) => (value) => {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return false;
  const has = (key) => Object.hasOwn(value, key);
  return Object.keys(value).every((key) => Object.hasOwn(shape, key) && shape[key](value[key]))
    && Object.keys(shape).every((key) => has(key) || mayLack.includes(key));
};

const ascending = (list, key) => list.every((one, i) => i === 0 || key(list[i - 1]) < key(one));
