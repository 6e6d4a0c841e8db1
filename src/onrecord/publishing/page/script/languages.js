// The page that checks proofs holds every language. It opens the one that its address names, else the reader's own.

function openLanguage() {
  const offered = [...document.querySelectorAll("template[data-language]")];
  const wanted = [location.hash.slice(1), ...navigator.languages.map((one) => one.split("-")[0])];
  const named = wanted.map((language) => offered.find((one) => one.dataset.language === language)).find(Boolean) ?? offered[0];
  document.documentElement.lang = named.dataset.language;
  document.documentElement.dir = named.dataset.direction;
  document.title = named.dataset.title;
  document.getElementById("page").replaceChildren(named.content.cloneNode(true));
}

openLanguage();
addEventListener("hashchange", () => location.reload());
