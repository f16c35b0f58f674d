"use strict";

// The theme comes first, so that the page does not change its colours while it loads.
const THEME = "flake8-prep-theme";
const root = document.documentElement;
// A browser may keep storage from pages that are files; the theme is then not remembered.
try {
  root.dataset.theme = localStorage.getItem(THEME) ?? "";
} catch {
  root.dataset.theme = "";
}

addEventListener("DOMContentLoaded", () => {
  startTheme();
  if (document.getElementById("data")) {
    startList(JSON.parse(document.getElementById("data").textContent));
  }
  startPages();
});

function startTheme() {
  const button = document.getElementById("theme");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const show = () => button.setAttribute("aria-pressed", String(isDark()));
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    show();
    try {
      localStorage.setItem(THEME, root.dataset.theme);
    } catch {
      // See above.
    }
  });
  system.addEventListener("change", show);
  show();
  button.hidden = false;
}

/** Keeps the title, and the focus, where the reader is: in the list, or at a rule, which is a page of its own. */
function startPages() {
  const title = document.title;
  let followed = null;
  const rule = () => document.querySelector(".rule:target");

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) {
      return;
    }
    if (link.closest(".back") && followed) {
      event.preventDefault();
      history.back();
    } else if (!rule() && link.hash && document.getElementById(link.hash.slice(1))?.matches(".rule")) {
      followed = link;
    } else {
      followed = null;
    }
  });

  const arrive = () => {
    const here = rule();
    document.title = here ? `${here.querySelector("h1").textContent} – ${title}` : title;
    if (here) {
      here.focus();
    } else if (followed) {
      followed.focus();
      followed = null;
    }
  };
  addEventListener("hashchange", arrive);
  arrive();
}

/** Starts the list of findings and its filters; `data` is what page.py writes. */
function startList(data) {
  const CHUNK = 100;
  // More sources than anybody reads on paper; the findings themselves are all printed.
  const MOST_PRINTED_SOURCES = 500;
  const FILTERS = ["severity", "section", "language", "file", "text"];

  const form = document.getElementById("filters");
  const list = document.getElementById("list");
  const count = document.getElementById("count");
  const more = document.getElementById("more");
  const openAll = document.getElementById("open-all");
  const number = new Intl.NumberFormat("en");

  const findings = data.findings.map(([file, rule, line, column, message]) => ({
    file: data.files[file],
    rule: data.rules[rule],
    line,
    column,
    message,
    searched: null,
  }));
  let passing = findings;
  let shown = 0;

  document.getElementById("browser").hidden = false;
  readHash();
  filter();

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", debounced(filtersChanged));
  form.addEventListener("reset", () => setTimeout(filtersChanged));
  more.addEventListener("click", showMore);
  openAll.addEventListener("click", () => {
    const open = openAll.getAttribute("aria-pressed") !== "true";
    openAll.setAttribute("aria-pressed", String(open));
    for (const item of list.children) {
      toggle(item, open);
    }
    scrollToMarks(list.children);
  });
  list.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.matches(".place")) {
      copyPlace(button);
    } else if (button) {
      const item = button.closest(".finding");
      toggle(item, button.getAttribute("aria-expanded") !== "true");
      scrollToMarks([item]);
    }
  });
  form.elements.file.addEventListener("focus", suggestPaths, { once: true });
  addEventListener("hashchange", () => {
    if (readHash()) {
      filter();
      document.getElementById("findings-title").focus({ preventScroll: true });
      document.getElementById("findings").scrollIntoView();
    }
  });
  addEventListener("beforeprint", () => {
    render(findings.length);
    const open = passing.length <= MOST_PRINTED_SOURCES;
    for (const item of list.children) {
      toggle(item, open);
    }
  });
  addEventListener("afterprint", () => render(CHUNK));

  /** Sets the filters to what the URL says, if it says something about filters; tells whether they changed. */
  function readHash() {
    const state = new URLSearchParams(location.hash.slice(1));
    const before = hashOf(filters());
    if (FILTERS.some((name) => state.has(name))) {
      const severities = (state.get("severity") ?? "").split(",");
      for (const box of form.elements.severity) {
        box.checked = severities.includes(box.value);
      }
      for (const name of FILTERS.slice(1)) {
        form.elements[name].value = state.get(name) ?? "";
      }
    }
    return hashOf(filters()) !== before;
  }

  function filtersChanged() {
    history.replaceState(null, "", hashOf(filters()) || location.pathname + location.search);
    filter();
  }

  function hashOf(values) {
    const state = new URLSearchParams();
    for (const [name, value] of Object.entries(values)) {
      if (value.length) {
        state.set(name, String(value));
      }
    }
    // Commas and slashes may stand in a fragment as they are, and links are then easier to read.
    const hash = String(state).replaceAll("%2C", ",").replaceAll("%2F", "/");
    return hash && `#${hash}`;
  }

  function filters() {
    return {
      severity: Array.from(form.elements.severity).filter((box) => box.checked).map((box) => box.value),
      section: form.elements.section.value,
      language: form.elements.language.value,
      file: form.elements.file.value.trim(),
      text: form.elements.text.value.trim(),
    };
  }

  function filter() {
    const { severity, section, language, file, text } = filters();
    const path = file.toLowerCase();
    const words = text.toLowerCase();
    passing = findings.filter(
      (finding) =>
        (!severity.length || severity.includes(finding.rule.severity)) &&
        (!section || finding.rule.section === section) &&
        (!language || finding.file.language === language) &&
        (!path || finding.file.path.toLowerCase().includes(path)) &&
        (!words || searched(finding).includes(words)),
    );
    const whole = `${number.format(findings.length)} ${findings.length === 1 ? "finding" : "findings"}`;
    count.textContent =
      passing.length === findings.length ? whole : `${number.format(passing.length)} of ${whole}`;
    document.getElementById("nothing").hidden = passing.length > 0;
    openAll.hidden = passing.length === 0;
    render(CHUNK);
  }

  function searched(finding) {
    const source = finding.file.lines[finding.line]?.[0] ?? "";
    finding.searched ??= [finding.rule.code, finding.rule.name, finding.message, place(finding), source]
      .join("\n")
      .toLowerCase();
    return finding.searched;
  }

  /** Shows the first `most` findings that pass, in place of what is there. */
  function render(most) {
    shown = 0;
    list.replaceChildren();
    append(most);
  }

  function showMore() {
    const next = shown;
    append(CHUNK);
    list.children[next].querySelector("button").focus();
  }

  function append(most) {
    const open = openAll.getAttribute("aria-pressed") === "true";
    const items = passing.slice(shown, shown + most).map((finding) => {
      const item = itemOf(finding);
      if (open) {
        toggle(item, true);
      }
      return item;
    });
    list.append(...items);
    shown += items.length;
    const left = passing.length - shown;
    more.hidden = left === 0;
    more.textContent = `Show ${number.format(Math.min(CHUNK, left))} more`;
  }

  function itemOf(finding) {
    const { code, name, severity } = finding.rule;
    const link = element("a", { href: `#${code}` }, name === code ? code : `${code} ${name}`);
    const copy = element(
      "button",
      { type: "button", class: "place icon", "aria-label": `Copy ${place(finding)}` },
      ...breakable(place(finding)),
    );
    const item = element(
      "li",
      { class: "finding" },
      element("h3", {}, element("button", { type: "button", class: "icon", "aria-expanded": "false" }, finding.message)),
      element("div", { class: "where" }, element("span", { class: `badge icon ${severity}` }, severity), link, copy),
    );
    item.finding = finding;
    return item;
  }

  /** Shows or hides the source of a finding, which is made when it is first asked for. */
  function toggle(item, open) {
    item.querySelector("h3 button").setAttribute("aria-expanded", String(open));
    const source = item.querySelector(".source");
    if (source) {
      source.hidden = !open;
    } else if (open) {
      item.append(sourceOf(item.finding));
    }
  }

  /** Brings into view what is marked in lines that are longer than the page is wide. */
  function scrollToMarks(items) {
    // All are measured before any is moved: each change would have the page laid out anew.
    const far = [];
    for (const item of items) {
      const [code, mark] = [item.querySelector(".code"), item.querySelector("mark")];
      const beyond = mark ? mark.getBoundingClientRect().right - code.getBoundingClientRect().right : 0;
      if (beyond > 0) {
        far.push([code, beyond + code.clientWidth / 2]);
      }
    }
    for (const [code, distance] of far) {
      code.scrollLeft += distance;
    }
  }

  function sourceOf(finding) {
    const lines = finding.file.lines;
    const numbers = [-2, -1, 0, 1, 2].map((step) => finding.line + step).filter((line) => line in lines);
    if (!numbers.length) {
      return element("div", { class: "source" }, element("p", {}, "The source could not be read."));
    }
    const label = `Source of ${place(finding)}`;
    const indent = Math.min(finding.column - 1, commonIndent(numbers.map((line) => lines[line][0])));
    return element(
      "div",
      { class: "source" },
      element(
        "pre",
        { class: "code", tabindex: "0", role: "region", "aria-label": label },
        element("code", {}, ...numbers.map((line) => lineOf(lines[line], line, indent, finding))),
      ),
    );
  }

  function commonIndent(texts) {
    let [common = "", ...others] = texts.filter((text) => text.trim()).map((text) => text.match(/^[ \t]*/)[0]);
    for (const other of others) {
      while (!other.startsWith(common)) {
        common = common.slice(0, -1);
      }
    }
    return common.length;
  }

  /**
   * Makes a line of source without its first `indent` characters. The `runs` are letters and lengths, which count
   * characters as Python does.
   */
  function lineOf([text, runs], line, indent, finding) {
    const node = element("span", { class: "line", "data-line": line });
    const characters = Array.from(text);
    const isMarked = line === finding.line;
    const from = isMarked ? finding.column - 1 : Infinity;
    const to = isMarked ? from + lengthOfWord(characters, from) : Infinity;
    let start = 0;
    for (const [, kind, length] of (runs || `_${characters.length}`).matchAll(/([a-z_])(\d+)/g)) {
      const end = start + Number(length);
      const cuts = [start, indent, from, to, end].filter((cut) => cut >= start && cut <= end);
      for (let index = 1; index < cuts.length; index++) {
        const [left, right] = [cuts[index - 1], cuts[index]];
        if (left < right && left >= indent) {
          const part = characters.slice(left, right).join("");
          const coloured = kind === "_" ? visible(part) : element("span", { class: kind }, part);
          node.append(left >= from && right <= to ? element("mark", {}, coloured) : coloured);
        }
      }
      start = end;
    }
    if (isMarked) {
      node.classList.add("marked");
      // Something is missing at the end of the line.
      if (from >= characters.length) {
        node.append(element("mark", {}, " "));
      }
    }
    return node;
  }

  function lengthOfWord(characters, from) {
    let to = from;
    while (to < characters.length && /[\p{L}\p{N}_$]/u.test(characters[to])) {
      to++;
    }
    return Math.max(1, to - from);
  }

  async function copyPlace(button) {
    const text = place(button.closest(".finding").finding);
    const copied = await copy(text);
    document.getElementById("said").textContent = copied ? `Copied ${text}` : `The browser does not allow copying ${text}`;
    button.querySelector(".said")?.remove();
    button.classList.toggle("copied", copied);
    button.append(element("span", { class: "said" }, copied ? "Copied" : "Not allowed"));
    setTimeout(() => {
      button.querySelector(".said")?.remove();
      button.classList.remove("copied");
    }, 2000);
  }

  function suggestPaths() {
    document.getElementById("paths").append(...data.files.map(({ path }) => element("option", { value: path })));
  }
}

/** Lets a line end behind the folder of a path. */
function breakable(path) {
  const [folder, name] = path.split(/(?<=\/)(?=[^/]*$)/);
  return name ? [folder, element("wbr", {}), name] : [path];
}

function place({ file, line, column }) {
  return line ? `${file.path}:${line}:${column}` : file.path;
}

/** Tells whether `text` could be copied. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Pages that were not loaded over HTTPS have no clipboard, but may have the older command.
    const area = element("textarea", { class: "for-readers" });
    const focused = document.activeElement;
    area.value = text;
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    focused?.focus();
    return copied;
  }
}

function debounced(action) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, 120);
  };
}

function element(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    node.setAttribute(key, value);
  }
  node.append(...children.map((child) => (typeof child === "string" ? visible(child) : child)));
  return node;
}

/** Shows the characters that would have the reader see the others in another order than programs do. */
function visible(text) {
  const escaped = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return text.replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, escaped);
}
