// What paper cannot do: search, sort, copy, follow a zone's lines, and ask for news. The page is whole without it.
"use strict";
(() => {
  const body = document.body.dataset;
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];

  // -- the table: words that all must occur, a zone, findings; and an order ---------------------------------------------------------------
  const asked = { words: "", zone: "", findings: false, column: -1, down: false };

  function narrow() {
    const rows = all("#assets tbody tr");
    const words = asked.words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      row.said ??= row.textContent.toLocaleLowerCase();
      const fits = words.every((word) => row.said.includes(word)) && (!asked.zone || row.dataset.zone === asked.zone)
        && (!asked.findings || row.dataset.findings !== "0");
      row.hidden = !fits;
      shown += fits;
    }
    const output = document.getElementById("shown");
    if (output) output.value = body.lines.replace("{number}", shown).replace("{all}", rows.length);
  }

  function order() {
    const table = document.getElementById("assets");
    if (!table || asked.column < 0) return;
    const value = (row) => row.cells[asked.column].dataset.sort ?? row.cells[asked.column].textContent.trim();
    const compare = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
    const rows = all("tbody tr", table).sort((a, b) => compare(value(a), value(b)) * (asked.down ? -1 : 1));
    table.tBodies[0].append(...rows);
    all("thead th", table).forEach((head, at) => {
      if (at === asked.column) head.setAttribute("aria-sort", asked.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
  }

  function prepareTable() {
    const tools = document.querySelector(".tools");
    if (!tools) return;
    tools.hidden = false;
    const [search, zone, findings] = ["search", "of-zone", "of-findings"].map((id) => document.getElementById(id));
    tools.addEventListener("submit", (event) => event.preventDefault());
    tools.addEventListener("input", () => {
      [asked.words, asked.zone, asked.findings] = [search.value, zone.value, findings.checked];
      narrow();
    });
    all("#assets thead th").forEach((head, at) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        asked.down = asked.column === at ? !asked.down : false;
        asked.column = at;
        order();
      });
    });
  }

  // what was asked of the table before the page changed is asked again
  function recall() {
    const [search, zone, findings] = ["search", "of-zone", "of-findings"].map((id) => document.getElementById(id));
    if (!search) return;
    search.value = asked.words;
    zone.value = asked.zone;
    asked.zone = zone.value;  // "" where the zone is gone
    findings.checked = asked.findings;
    order();
    narrow();
  }

  // -- what a file brings along, packed: tables as JSON, and the page in other languages -----------------------------------------------------
  async function unpacked(id) {
    const bytes = Uint8Array.from(atob(document.getElementById(id).content.textContent), (char) => char.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  }

  function prepareUnpacking() {
    if (!window.DecompressionStream) return;
    for (const button of all(".unpack, .speak")) button.hidden = false;
    for (const button of all(".unpack")) button.addEventListener("click", async () => {
      const name = button.dataset.table, link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([await unpacked(`json-${name}`)], { type: "application/json" }));
      link.download = `otwatch-${name}.json`;
      link.click();
      URL.revokeObjectURL(link.href);
    });
    for (const button of all(".speak")) button.addEventListener("click", () => speak(button.dataset.language));
  }

  // -- another language: its page takes the place of the one that was read, which is kept ---------------------------------------------------
  const PARTS = [".skip", ".top", "main", "footer"];
  const spoken = new Map();

  const parts = (page) => ({ title: page.title, said: { ...page.body.dataset }, parts: PARTS.map((one) => page.querySelector(one)) });

  async function speak(language) {
    const isNew = !spoken.has(language), here = parts(document);
    if (isNew) spoken.set(language, parts(new DOMParser().parseFromString(await unpacked(`in-${language}`), "text/html")));
    const there = spoken.get(language), open = opened();
    spoken.set(document.documentElement.lang, here);
    here.parts.forEach((part, at) => part.replaceWith(there.parts[at]));
    document.documentElement.lang = language;
    document.title = there.title;
    Object.assign(body, there.said);
    if (isNew) prepare();
    settle(open);
    document.querySelector(".speak").focus({ preventScroll: true });
  }

  // -- copying ----------------------------------------------------------------------------------------------------------------------------
  function prepareCopies() {
    for (const block of all("pre.copy")) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = body.copy;
      block.append(button);
      button.addEventListener("click", async () => {
        const code = block.querySelector("code");
        try {
          await navigator.clipboard.writeText(code.textContent);
        } catch {  // a file opened from a disk may not write to the clipboard: what is marked can be copied by hand
          getSelection().selectAllChildren(code);
          if (!document.execCommand("copy")) return;
        }
        button.textContent = body.copied;
        setTimeout(() => { button.textContent = body.copy; }, 1500);
      });
    }
  }

  // -- the map: a zone that is pointed at shows its lines, a line its zones ---------------------------------------------------------------
  function prepareMaps() {
    for (const map of all("svg.map")) {
      const lines = all(".passage", map), tiles = all(".tile", map);
      const show = (near) => {
        map.classList.toggle("asked", near !== null);
        for (const one of [...lines, ...tiles]) one.classList.toggle("near", near !== null && near(one));
      };
      for (const tile of tiles) {
        const zone = tile.dataset.zone;
        const met = new Set(lines.flatMap(({ dataset: line }) => (line.from === zone || line.to === zone ? [line.from, line.to] : [])));
        const near = ({ dataset: one }) => one.zone === zone || met.has(one.zone) || one.from === zone || one.to === zone;
        for (const event of ["pointerenter", "focus"]) tile.addEventListener(event, () => show(near));
      }
      for (const line of lines) {
        const near = (one) => one === line || [line.dataset.from, line.dataset.to].includes(one.dataset.zone);
        for (const event of ["pointerenter", "focus"]) line.addEventListener(event, () => show(near));
      }
      for (const one of [...lines, ...tiles]) for (const event of ["pointerleave", "blur"]) one.addEventListener(event, () => show(null));
    }
  }

  // -- panels and findings are places in the page -----------------------------------------------------------------------------------------
  let came = null;

  function arrive() {
    const target = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
    if (target?.classList.contains("panel")) target.querySelector("h2").focus({ preventScroll: true });
    const inside = target?.closest("details");
    if (inside) {
      inside.open = true;
      inside.scrollIntoView();
      inside.querySelector("summary").focus({ preventScroll: true });
    }
    if (!target && came?.isConnected) came.focus({ preventScroll: true });
  }

  addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href^='#']");
    if (link && !link.closest(".panel")) came = link;
  });
  addEventListener("hashchange", arrive);
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.querySelector(".panel:target")) location.hash = "#-";
  });

  // -- paper: all that is folded is printed -----------------------------------------------------------------------------------------------
  addEventListener("beforeprint", () => all("details:not([open])").forEach((one) => { one.open = true; one.dataset.folded = ""; }));
  addEventListener("afterprint", () => all("details[data-folded]").forEach((one) => { one.open = false; delete one.dataset.folded; }));

  // -- the page changed under who reads it: what was open stays open, what was asked is asked again -------------------------------------------
  const opened = () => new Set(all("details[open] > .inside").map((one) => one.id));

  function settle(open) {
    for (const one of all("details > .inside")) one.parentElement.open = open.has(one.id);
    recall();
    const place = location.hash.slice(1) && document.getElementById(location.hash.slice(1));
    if (place?.classList.contains("panel")) location.replace(location.hash);  // an element that came later is no target yet
  }

  // -- news: the page as it is now takes the place of the page as it was; what was open stays open ------------------------------------------
  let known = null;

  async function refresh() {
    if (document.hidden) return;
    const news = document.getElementById("news");
    try {
      const answer = await fetch(location.pathname + location.search, { headers: known ? { "If-None-Match": known } : {}, cache: "no-store" });
      news.textContent = "";
      if (answer.status !== 200) return;
      const first = known === null;
      known = answer.headers.get("ETag");
      if (first) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const open = opened();
      document.querySelector("main").replaceWith(fresh.querySelector("main"));
      prepare();
      settle(open);
    } catch {
      news.textContent = "⚠";
    }
  }

  function prepare() {
    prepareTable();
    prepareUnpacking();
    prepareCopies();
    prepareMaps();
  }

  prepare();
  recall();
  arrive();
  if (Number(body.refresh)) setInterval(refresh, 1000 * Number(body.refresh));
})();
