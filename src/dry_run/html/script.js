"use strict";
// Everything on the page works without this. It finds a member by name, turns days with the arrow keys, and keeps the
// page where it is when another day is opened.
(() => {
  const find = document.querySelector(".find");
  const members = [...document.querySelectorAll(".member")];
  if (find && members.length > 8) {
    find.hidden = false;
    find.querySelector("input").addEventListener("input", (typed) => {
      const wanted = typed.target.value.trim().toLowerCase();
      for (const member of members) {
        const name = member.querySelector("summary bdi").textContent.toLowerCase();
        member.hidden = wanted !== "" && !name.includes(wanted);
      }
    });
  }
  const shown = () => document.querySelector(".phone:target") || document.querySelector(".phone.opens");
  const mark = () => {
    const day = shown();
    for (const link of document.querySelectorAll(".days a")) {
      const here = day !== null && link.hash === "#" + day.id;
      link.toggleAttribute("aria-current", here);
      if (here) {
        link.closest("details").open = true;
      }
    }
  };
  document.addEventListener("keydown", (key) => {
    const rel = { ArrowLeft: "prev", ArrowRight: "next" }[key.key];
    if (!rel || key.target.tagName === "INPUT" || key.altKey || key.ctrlKey || key.metaKey) {
      return;
    }
    const link = shown()?.querySelector(`a[rel="${rel}"]`);
    if (link && location.hash.startsWith("#d")) {
      location.hash = link.hash;
    }
  });
  addEventListener("hashchange", mark);
  mark();
})();
