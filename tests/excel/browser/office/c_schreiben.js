// Writing into cells as Excel does it: what is typed or set is read as number, date, truth, formula or text.
const ZAHL = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;
const TAG = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d):(\d\d))?$/;

function wert_lesen(zelle, roh) {
  if (typeof roh !== "string" || zelle.format === "@") return roh;
  if (roh.startsWith("'")) return roh.slice(1);
  if (ZAHL.test(roh)) return Number(roh);
  const wahr = { TRUE: true, FALSE: false, WAHR: true, FALSCH: false }[roh.toUpperCase()];
  if (wahr !== undefined) return wahr;
  const tag = TAG.exec(roh);
  if (!tag) return roh;
  const [j, m, t, h = 0, min = 0, sek = 0] = tag.slice(1).map((x) => (x === undefined ? undefined : Number(x)));
  if (zelle.format === "General") zelle.format = tag[4] && (h || min || sek) ? "dd.mm.yyyy hh:mm" : "dd.mm.yyyy";
  return Date.UTC(j, m - 1, t, h, min, sek) / 86400000 + 25569;
}

function zelle_setzen(blatt, z, s, roh) {
  const zelle = blatt.hole(z, s);
  if (zelle.anker) throw new OfficeFehler("InvalidOperation", "A part of a spilled result cannot be changed.");
  ueberlauf_leeren(blatt, zelle);
  zelle.fehler = null;
  if (typeof roh === "string" && roh.startsWith("=") && zelle.format !== "@") {
    if (roh === zelle.formel) return;
    zelle.vorher = { ...zelle.vorher, ...(zelle.formel ? { [zelle.formel]: zelle.wert } : {}) };
    zelle.formel = roh;
    // Native formulas are not computed here: a formula that stood in the file has the value of the file.
    zelle.wert = zelle.vorher[roh] ?? 0;
    return;
  }
  if (zelle.formel) zelle.vorher = { ...zelle.vorher, [zelle.formel]: zelle.wert };
  zelle.formel = null;
  zelle.wert = wert_lesen(zelle, roh);
}

function ueberlauf_leeren(blatt, zelle) {
  for (const [z, s] of zelle.ueberlauf || []) Object.assign(blatt.hole(z, s), { wert: "", anker: null });
  zelle.ueberlauf = null;
}

// A single value fills the range; null leaves a cell as it is; any other shape must fit.
function werte_setzen(b, roh) {
  const werte = Array.isArray(roh) ? roh : [[roh]];
  const einer = werte.length === 1 && Array.isArray(werte[0]) && werte[0].length === 1;
  const passt = werte.length === b.zeilen && werte.every((zeile) => Array.isArray(zeile) && zeile.length === b.spalten);
  if (!einer && !passt) {
    const text = "The number of rows or columns in the input array doesn't match the size or dimensions of the range.";
    throw new OfficeFehler("InvalidArgument", text);
  }
  b.blatt.verlange_schreibbar(b);
  for (const [z, s] of orte(b)) {
    const wert = einer ? werte[0][0] : werte[z - b.z][s - b.s];
    if (wert !== null && wert !== undefined) zelle_setzen(b.blatt, z, s, wert);
  }
  geaendert(b);
}

function formate_setzen(b, roh) {
  const werte = Array.isArray(roh) ? roh : [[roh]];
  const einer = werte.length === 1 && werte[0].length === 1;
  if (b.blatt.schutz && !b.blatt.schutz.optionen?.allowFormatCells) b.blatt.verlange_schreibbar(b);
  const ort = kleiner(b);
  for (const [z, s] of ort ? orte(ort) : []) {
    b.blatt.hole(z, s).format = einer ? werte[0][0] : werte[z - b.z][s - b.s];
  }
}

// Whole columns: only as far as there is anything.
function kleiner(b) {
  if (b.zeilen * b.spalten <= 200000) return b;
  const benutzt = b.blatt.benutzt(false);
  if (!benutzt) return null;
  const z2 = Math.min(b.z + b.zeilen, benutzt.z + benutzt.zeilen);
  const s2 = Math.min(b.s + b.spalten, benutzt.s + benutzt.spalten);
  return z2 > b.z && s2 > b.s ? { ...b, zeilen: z2 - b.z, spalten: s2 - b.s } : null;
}

function leeren(b, was) {
  const ort = kleiner(b);
  if (!ort) return;
  b.blatt.verlange_schreibbar(ort);
  for (const [z, s] of orte(ort)) {
    const zelle = b.blatt.finde(z, s);
    if (!zelle) continue;
    if (was !== "Formats") {
      ueberlauf_leeren(b.blatt, zelle);
      Object.assign(zelle, { wert: "", formel: null, fehler: null, anker: null });
    }
    if (was !== "Contents") zelle.format = "General";
  }
  geaendert(ort);
}
