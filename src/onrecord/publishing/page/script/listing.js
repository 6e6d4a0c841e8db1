// The listing: how far every log of a record had got, and the record root, which is the SHA-256 of this text.

// A log that was signed twice from some entry on has branches, each named by its log and the hash of that entry.
const logOf = (row) => row.split("~")[0];

const LISTING = new RegExp(`^onrecord record root v1\\n([a-z2-7]{16})\\n((?:${ROW} [1-9][0-9]{0,12} [A-Za-z0-9+/]{43}=\\n)+)$`);

function readListing(text) {
  const [, record, rows] = LISTING.exec(text) ?? [];
  if (!record) throw new Refused("listing");
  const logs = rows.split("\n").slice(0, -1).map((row) => {
    const [log, size, root] = row.split(" ");
    return { log, size: Number(size), root: hex(unbase64(root)) };
  });
  if (!ascending(logs, ({ log }) => log)) throw new Refused("listing");
  return { record, logs };
}
