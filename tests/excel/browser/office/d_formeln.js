// A small reader of formulas: enough for what stands around a KRS_ function (references, names, sums, conditions).
const ZEICHEN = new RegExp(
  [
    /(?<text>"(?:[^"]|"")*")/,
    /(?<ort>(?:'(?:[^']|'')+'!|[A-Za-z_][\w.]*!)?\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?(?![\w(.]))/,
    /(?<zahl>\d+\.?\d*(?:[eE][-+]?\d+)?)/,
    /(?<wort>(?:[A-Za-zÄÖÜäöü_][\wÄÖÜäöü.]*)(?:\[[^\]]*\])?)/,
    /(?<mal><>|<=|>=|[-+*/&=<>(),;%@])/,
    /\s+/,
  ]
    .map((r) => r.source)
    .join("|"),
  "gy",
);
const STUFEN = [["=", "<>", "<", ">", "<=", ">="], ["&"], ["+", "-"], ["*", "/"]];

function formel_lesen(text) {
  const rest = [];
  ZEICHEN.lastIndex = 0;
  let gelesen = 1;
  for (const t of text.slice(1).matchAll(ZEICHEN)) {
    const art = Object.keys(t.groups).find((k) => t.groups[k] !== undefined);
    if (art) rest.push({ art, text: t[0] });
    gelesen += t[0].length;
  }
  if (gelesen !== text.length) return { name: "?", teile: [] }; // more than this reader knows: not computed
  const nimm = (text) => (rest[0]?.text === text && rest.shift()) || null;

  function stufe(n) {
    if (n === STUFEN.length) return vorzeichen();
    let links = stufe(n + 1);
    while (rest[0]?.art === "mal" && STUFEN[n].includes(rest[0].text)) {
      links = { op: rest.shift().text, teile: [links, stufe(n + 1)] };
    }
    return links;
  }

  function vorzeichen() {
    nimm("@"); // one value instead of a spill
    if (nimm("-")) return { op: "neg", teile: [vorzeichen()] };
    return nimm("+") ? vorzeichen() : einzeln();
  }

  function einzeln() {
    const t = rest.shift();
    if (!t) return { name: "?", teile: [] };
    if (t.text === "(") {
      const innen = stufe(0);
      nimm(")");
      return innen;
    }
    if (t.art === "text") return { wert: t.text.slice(1, -1).replaceAll('""', '"') };
    if (t.art === "zahl") return { wert: Number(t.text) };
    if (t.art === "ort") return { ort: t.text };
    return nimm("(") ? aufruf(t.text) : wort(t.text);
  }

  function aufruf(name) {
    const teile = [];
    while (rest.length && rest[0].text !== ")") {
      if ([",", ";"].includes(rest[0].text)) teile.push({ fehlt: true });
      else teile.push(stufe(0));
      if (!nimm(",")) nimm(";");
    }
    nimm(")");
    return { name: name.toUpperCase(), teile };
  }

  function wort(text) {
    const wahr = { TRUE: true, FALSE: false }[text.toUpperCase()];
    return wahr === undefined ? { ort: text } : { wert: wahr };
  }
  const baum = stufe(0);
  return rest.length ? { name: "?", teile: [] } : baum;
}

// «Tabelle[Spalte]» → the cells below that header.
function spalte_der_tabelle(mappe, text) {
  const teil = /^(.+?)\[(.*)\]$/.exec(text);
  const t = teil && mappe.tabelle(teil[1]);
  if (!t) return null;
  const rumpf = tabellenrumpf(t);
  const koepfe = matrix({ ...t.bereich, zeilen: 1 }, (z) => z?.wert ?? "")[0];
  const nr = koepfe.indexOf(teil[2]);
  return teil[2] === "" ? rumpf : { ...rumpf, s: rumpf.s + nr, spalten: 1 };
}

function ziel_von(mappe, blatt, text) {
  return spalte_der_tabelle(mappe, text) || mappe.bereich(text, blatt);
}

function bezuege(mappe, blatt, baum) {
  if (baum.ort) return [ziel_von(mappe, blatt, baum.ort)].filter(Boolean);
  return (baum.teile || []).flatMap((t) => bezuege(mappe, blatt, t));
}

const EINGEBAUT = {
  SUM: (...werte) => zahlen(werte).reduce((a, w) => a + w, 0),
  COUNT: (...werte) => zahlen(werte).length,
  COUNTA: (...werte) => werte.flat(Infinity).filter((w) => w !== null).length,
  MAX: (...werte) => Math.max(0, ...zahlen(werte)),
  AND: (...werte) => werte.flat(Infinity).every(Boolean),
  OR: (...werte) => werte.flat(Infinity).some(Boolean),
  NOT: (w) => !eins(w),
  ISNUMBER: (w) => typeof eins(w) === "number",
  ISBLANK: (w) => eins(w) === null,
  N: (w) => (typeof eins(w) === "number" ? eins(w) : 0),
  TRIM: (w) => text_von(w).trim().replace(/ +/g, " "),
  LEFT: (w, n = 1) => text_von(w).slice(0, eins(n)),
  RIGHT: (w, n = 1) => text_von(w).slice(-eins(n)),
  ROUND: (w, n) => Number(`${Math.round(Number(`${eins(w)}e${eins(n)}`))}e-${eins(n)}`),
  DATE: (j, m, t) => Date.UTC(eins(j), eins(m) - 1, eins(t)) / 86400000 + 25569,
  INDEX: (feld, z, s = 1) => feld[eins(z) - 1][eins(s) - 1],
};

function zahlen(werte) {
  return werte.flat(Infinity).filter((w) => typeof w === "number");
}

function eins(wert) {
  const w = Array.isArray(wert) ? wert[0][0] : wert;
  if (w?.type === "Error") throw new Zellfehler(w.basicValue, w.basicValue);
  return w?.type === "FormattedNumber" ? w.basicValue : w;
}

function text_von(wert) {
  return String(eins(wert) ?? "");
}

function verknuepfe(op, teile) {
  const [links, rechts] = teile.map(eins);
  if (op === "&") return text_von(links) + text_von(rechts);
  if (op === "=" || op === "<>") {
    const [a, b] = [links ?? (typeof rechts === "number" ? 0 : ""), rechts ?? (typeof links === "number" ? 0 : "")];
    return (typeof a === "string" && typeof b === "string" ? a.toLowerCase() === b.toLowerCase() : a === b) === (op === "=");
  }
  const [a, b] = [links ?? 0, rechts ?? 0].map((w) => (typeof w === "string" && w.trim() !== "" ? Number(w) : w));
  const rechnung = { "+": a + b, "-": a - b, "*": a * b, "/": a / b, neg: -a };
  if (op in rechnung && Number.isNaN(Number(rechnung[op]))) throw new Zellfehler("#VALUE!", "#VALUE!");
  return op in rechnung ? rechnung[op] : { "<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b }[op];
}

// Empty cells of a range reach a function of an add-in as null.
function fuer_funktion(b) {
  return matrix(b, (z) => {
    if (!z || (z.wert === "" && !z.formel)) return null;
    if (z.fehler !== null) return { type: "Error", basicValue: z.wert, basicType: "Error", errorType: "Value" };
    if (typeof z.wert === "number" && /[dy]/i.test(z.format) && z.format !== "General") {
      return { type: "FormattedNumber", basicType: "Double", basicValue: z.wert, numberFormat: z.format };
    }
    return z.wert;
  });
}
