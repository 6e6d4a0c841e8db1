// The folder as the reader gave it: chosen whole, dropped, or as single files where a browser cannot give a folder.

// File systems may spell accented letters apart; the list spells them as they were published.
const spelled = (path) => path.normalize("NFC");

function chosenFiles(list) {
  const files = new Map();
  for (const file of list) {
    const inside = file.webkitRelativePath.split("/").slice(1).join("/");
    files.set(spelled(inside || loosePath(file.name)), file);
  }
  return files;
}

// Files chosen singly carry no folder; originals are the only ones that lie in one.
function loosePath(name) {
  const original = `originals/${name}`;
  return [...document.querySelectorAll("#originals a")].some((link) => spelled(decodeURIComponent(link.getAttribute("href"))) === spelled(original)) ? original : name;
}

async function droppedFiles(items) {
  const entries = [...items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const files = new Map();
  const whole = entries.length === 1 && entries[0].isDirectory;
  for (const entry of entries) await walk(entry, whole ? null : "", files);
  return files;
}

// `under` is the path of the folder that holds the entry; null for the dropped folder itself.
async function walk(entry, under, files) {
  const path = under === null ? "" : under + entry.name;
  if (entry.isFile) {
    files.set(spelled(path), await new Promise((resolve, reject) => entry.file(resolve, reject)));
    return;
  }
  for (const inside of await readAll(entry.createReader())) await walk(inside, path && `${path}/`, files);
}

async function readAll(reader) {
  const all = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return all;
    all.push(...some);
  }
}
