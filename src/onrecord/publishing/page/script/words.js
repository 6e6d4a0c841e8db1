// The page's own words, and the elements they are put in. A value from outside only ever becomes text, apart from the
// direction of the words around it.

const WORDS = JSON.parse(document.getElementById("onrecord-words").textContent);
const byId = (id) => document.getElementById(id);
const say = (key, values = {}) => WORDS[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);

function element(tag, className, ...inside) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...inside);
  return made;
}

// The message as an element, every value in it isolated.
function told(tag, key, values = {}) {
  const parts = WORDS[key].split(/\{(\w+)\}/);
  return element(tag, "", ...parts.map((part, i) => (i % 2 ? element("bdi", `of-${part}`, shortened(String(values[part]))) : part)));
}

const LONGEST_SHOWN = 300;
const shortened = (value) => (value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN)}…` : value);
