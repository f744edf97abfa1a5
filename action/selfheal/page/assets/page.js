(() => {
  "use strict";
  const box = document.getElementById("q");
  const found = document.getElementById("found");
  const items = Array.from(document.querySelectorAll("details.find"));
  const texts = new Map();
  let timer = 0;

  const textOf = (item) => {
    if (!texts.has(item)) texts.set(item, item.textContent.toLowerCase());
    return texts.get(item);
  };
  const shown = () => items.filter((item) => !item.hidden);

  const search = () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const item of items) {
      const fits = words.every((word) => textOf(item).includes(word));
      if (item.hidden === fits) item.hidden = !fits;
      count += fits;
    }
    found.textContent = words.length ? `${count} of ${items.length} found` : "";
  };

  const openAt = () => {
    let item = null;
    try {
      item = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {
      return;
    }
    if (!item) return;
    item.hidden = false;
    for (let up = item; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
    item.scrollIntoView({ block: "center" });
    const summary = item.querySelector("summary");
    if (item.tagName === "DETAILS" && summary) summary.focus({ preventScroll: true });
  };

  const step = (by) => {
    const list = shown();
    if (!list.length) return;
    const current = document.activeElement ? document.activeElement.closest("details.find") : null;
    const index = list.indexOf(current);
    const next = index < 0 ? (by > 0 ? 0 : list.length - 1) : Math.min(list.length - 1, Math.max(0, index + by));
    list[next].querySelector("summary").focus();
  };

  const keys = {
    "/": () => box.focus(),
    j: () => step(1),
    k: () => step(-1),
    o: () => shown().slice(0, 300).forEach((item) => (item.open = true)),
    c: () => items.forEach((item) => (item.open = false)),
  };

  box.disabled = false;
  found.textContent = "";
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, 80);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && document.activeElement === box) {
      box.value = "";
      search();
      box.blur();
      return;
    }
    if (event.target instanceof HTMLInputElement) return;
    const act = keys[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  });
  addEventListener("hashchange", openAt);
  openAt();
})();
