// What an OpenTimestamps calendar gave: a path from the record root to blocks of Bitcoin, or promises of them. Whether a
// block is Bitcoin's has to be looked up by a person.

const CALENDAR_MAGIC = "004f70656e54696d657374616d7073000050726f6f6600bf89e2e884e89294";
const PENDING = "83dfe30d2ef90c8e", BITCOIN = "0588960d73d71901";
const MOST_OPERATIONS = 4096, LONGEST_STEP = 4096, LONGEST_SAID = 8192;

class CalendarPath {
  constructor(bytes) {
    if (bytes.length > LARGEST_DER) throw new Refused("calendar");
    this.bytes = bytes;
    this.at = 0;
  }

  take(size) {
    if (size > this.bytes.length - this.at) throw new Refused("calendar");
    this.at += size;
    return this.bytes.subarray(this.at - size, this.at);
  }

  number() {
    for (let value = 0, shift = 0; shift < 63; shift += 7) {
      const [byte] = this.take(1);
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
    throw new Refused("calendar");
  }

  text(most) {
    const size = this.number();
    if (size > most) throw new Refused("calendar");
    return this.take(size);
  }
}

// The places that the paths from this listing's hash lead to. Messages with branches left wait on a list.
async function anchorsIn(raw, listing) {
  const path = new CalendarPath(raw), found = [];
  if (hex(path.take(31)) !== CALENDAR_MAGIC || path.number() !== 1 || path.take(1)[0] !== 0x08) throw new Refused("calendar");
  const waiting = [path.take(32)];
  if (hex(waiting[0]) !== hex(await sha256(listing))) throw new Refused("calendar.other");
  for (let left = MOST_OPERATIONS; waiting.length > 0; left--) {
    if (left === 0) throw new Refused("calendar");
    const [first] = path.take(1), message = waiting.at(-1);
    if (first !== 0xff) waiting.pop();
    const operation = first === 0xff ? path.take(1)[0] : first;
    if (operation === 0) found.push(...attested(path, message));
    else waiting.push(await operated(path, operation, message));
  }
  if (path.at !== raw.length) throw new Refused("calendar");
  return found;
}

function attested(path, message) {
  const kind = hex(path.take(8)), said = new CalendarPath(path.text(LONGEST_SAID));
  if (kind === PENDING) return [{ calendar: new TextDecoder().decode(said.text(1000)) }];
  if (kind !== BITCOIN) return [];
  if (message.length !== 32) throw new Refused("calendar");
  return [{ height: said.number(), root: hex(Uint8Array.from(message).reverse()) }];
}

async function operated(path, operation, message) {
  if (operation === 0x08) return sha256(message);
  if (operation === 0x02) return digestBy("SHA-1", message);
  if (operation === 0x03) throw new Unable();
  if (operation !== 0xf0 && operation !== 0xf1) throw new Refused("calendar");
  const more = path.text(LONGEST_STEP);
  if (message.length + more.length > LONGEST_STEP) throw new Refused("calendar");
  return operation === 0xf0 ? joined(message, more) : joined(more, message);
}
