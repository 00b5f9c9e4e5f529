// Long lines of a block can be scrolled by keys, also where the pointer does not hover: the theme allows that with one alone.
// The list of all pages, and the buttons of each block, get a name of their own.
const reachable = () => {
  for (const each of document.querySelectorAll("pre > code")) if (each.scrollWidth > each.clientWidth) each.tabIndex = 0;
  document.querySelector("nav.md-nav--primary")?.setAttribute("aria-label", "All pages");
  document.querySelectorAll(".md-code__nav").forEach((each, place) => each.setAttribute("aria-label", `code block ${place + 1}`));
};

// The button of a block copies its commands: pasted with prompt and output, every line of the output is run as a command.
const commands = (code) => {
  const copy = code.cloneNode(true);
  copy.querySelectorAll(".gp, .go").forEach((each) => each.remove());
  return copy.textContent.replace(/ +# exit \d+$/gm, "").replace(/\n{2,}/g, "\n").trim();
};
const copied = () => {
  for (const code of document.querySelectorAll("pre > code")) if (code.querySelector(".gp")) code.dataset.copy = commands(code);
};

addEventListener("load", () => setTimeout(() => [reachable, copied].forEach((each) => each()), 0));
addEventListener("resize", reachable);
