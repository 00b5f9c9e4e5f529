// Long lines of a block can be scrolled by keys, also where the pointer does not hover: the theme allows that with one alone.
// The list of all pages, and the buttons of each block, get a name of their own.
const reachable = () => {
  for (const each of document.querySelectorAll("pre > code")) if (each.scrollWidth > each.clientWidth) each.tabIndex = 0;
  document.querySelector("nav.md-nav--primary")?.setAttribute("aria-label", "All pages");
  document.querySelectorAll(".md-code__nav").forEach((each, place) => each.setAttribute("aria-label", `code block ${place + 1}`));
};
addEventListener("load", () => setTimeout(reachable, 0));
addEventListener("resize", reachable);
