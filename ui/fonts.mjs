// Copies the font files that dossier pages are set in out of node_modules, with a list of what each
// one covers. The page embeds from that list only what its text needs.

import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "src", "onrecord", "publishing", "page", "fonts");

// A voice is who speaks: the serif is the originals and the article, the sans is the program.
// Latin always comes from the Latin face, so the Arabic and Hebrew packages give only their own script.
const families = [
  { family: "Source Serif 4", name: "source-serif-4", voice: "serif", subsets: ["latin", "latin-ext"], cuts: ["400-normal", "600-normal", "400-italic"] },
  { family: "Noto Naskh Arabic", name: "noto-naskh-arabic", voice: "serif", subsets: ["arabic"], cuts: ["400-normal", "600-normal"] },
  { family: "Frank Ruhl Libre", name: "frank-ruhl-libre", voice: "serif", subsets: ["hebrew"], cuts: ["400-normal", "600-normal"] },
  { family: "IBM Plex Sans", name: "ibm-plex-sans", voice: "sans", subsets: ["latin", "latin-ext"], cuts: ["400-normal", "600-normal"] },
  { family: "IBM Plex Sans Arabic", name: "ibm-plex-sans-arabic", voice: "sans", subsets: ["arabic"], cuts: ["400-normal", "600-normal"] },
  { family: "IBM Plex Sans Hebrew", name: "ibm-plex-sans-hebrew", voice: "sans", subsets: ["hebrew"], cuts: ["400-normal", "600-normal"] },
];

function copyFamily({ family, name, voice, subsets, cuts }) {
  const source = join(here, "node_modules", "@fontsource", name);
  const ranges = JSON.parse(readFileSync(join(source, "unicode.json"), "utf8"));
  copyFileSync(join(source, "LICENSE"), join(out, `${name}-LICENSE.txt`));
  return subsets.flatMap((subset) => cuts.map((cut) => {
    const [weight, style] = cut.split("-");
    const file = `${name}-${subset}-${cut}.woff2`;
    copyFileSync(join(source, "files", file), join(out, file));
    return { family, voice, subset, weight: Number(weight), style, range: ranges[subset], file };
  }));
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const faces = families.flatMap(copyFamily);
writeFileSync(join(out, "faces.json"), `${JSON.stringify(faces, null, 2)}\n`);
console.log(`${faces.length} faces in ${out}`);
