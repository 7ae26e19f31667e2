// Calculation: cells with a function of the add-in call it, results spill, changed cells call their dependents.
const funktionen = new Map();
const AUFRUF = /\bKRS_\w+\s*\(/i;

class Zellfehler extends Error {
  constructor(code, meldung) {
    super(meldung);
    this.code = code;
  }
}

let offen = 0;
let aenderungen = [];
const warteschlange = [];

function geaendert(bereich) {
  aenderungen.push(bereich);
}

// After each sync and each entry by hand: compute what depends on what changed, then tell who listens. Formulas of
// Excel come first, wave by wave; a function of the add-in waits for others that it depends on.
function nach_der_aenderung() {
  const neu = aenderungen;
  if (!neu.length) return;
  for (const b of neu) melde("onChanged", b.blatt, { address: adresse_schreiben(b), changeType: "RangeEdited" });
  rechnen_lassen();
}

// A file may hold formulas without values; Excel computes them on opening.
function rechne_fehlende() {
  for (const blatt of MODELL.mappe.blaetter) {
    for (const [nummer, zelle] of blatt.zellen) {
      if (!zelle.formel || zelle.wert !== "") continue;
      const [z, s] = [Math.floor(nummer / SPALTEN_HOECHSTENS), nummer % SPALTEN_HOECHSTENS];
      geaendert({ blatt, z, s, zeilen: 1, spalten: 1 });
    }
  }
  nach_der_aenderung();
}

async function rechnen_lassen() {
  offen += 1;
  const alle = [];
  for (let welle = 0; aenderungen.length && welle < 50; welle++) {
    const neu = aenderungen.splice(0);
    alle.push(...neu);
    for (const f of faellige(neu, false)) await rechne(f);
  }
  const aufrufe = faellige(alle, true);
  const zuerst = aufrufe.filter((f) => !aufrufe.some((g) => g !== f && f.woher.some((w) => trifft(w, g.ort))));
  zuerst.forEach(rechne);
  fertig();
}

function fertig() {
  offen -= 1;
  if (offen) return;
  for (const blatt of MODELL.mappe.blaetter) melde("onCalculated", blatt, {});
  warteschlange.splice(0).forEach((weiter) => weiter());
}

function faellige(neu, aufrufe) {
  const gefunden = [];
  for (const blatt of MODELL.mappe.blaetter) {
    for (const [nummer, zelle] of blatt.zellen) {
      if (!zelle.formel || AUFRUF.test(zelle.formel) !== aufrufe) continue;
      const ort = { blatt, z: Math.floor(nummer / SPALTEN_HOECHSTENS), s: nummer % SPALTEN_HOECHSTENS, zeilen: 1, spalten: 1 };
      zelle.baum = zelle.baum?.formel === zelle.formel ? zelle.baum : { formel: zelle.formel, ...formel_lesen(zelle.formel) };
      const woher = bezuege(MODELL.mappe, blatt, zelle.baum);
      if (neu.some((b) => trifft(b, ort) ? !b.ergebnis : woher.some((w) => trifft(b, w)))) gefunden.push({ ort, zelle, woher });
    }
  }
  return gefunden;
}

async function rechne({ ort, zelle }) {
  const lauf = (zelle.lauf = (zelle.lauf || 0) + 1);
  offen += 1;
  let ergebnis;
  let fehler = null;
  try {
    ergebnis = await werte_aus(zelle.baum, ort);
  } catch (e) {
    if (e instanceof NichtGerechnet) ergebnis = zelle.wert; // what stood in the file
    else [ergebnis, fehler] = [e instanceof Zellfehler ? e.code : "#VALUE!", e instanceof Zellfehler ? e.message : String(e)];
  }
  if (zelle.lauf === lauf && zelle.formel === zelle.baum.formel) ablegen(ort, zelle, ergebnis, fehler);
  nach_der_aenderung_leise(ort);
  fertig();
}

// A result is a change for those who depend on it, not for its own cell.
function nach_der_aenderung_leise(ort) {
  aenderungen.push({ ...ort, ergebnis: true });
  if (AUFRUF.test(ort.blatt.finde(ort.z, ort.s)?.formel ?? "")) nach_der_aenderung();
}

function ablegen(ort, zelle, ergebnis, fehler) {
  const werte = Array.isArray(ergebnis) ? ergebnis : [[ergebnis]];
  ueberlauf_leeren(ort.blatt, zelle);
  zelle.fehler = fehler;
  const ziele = [...orte({ ...ort, zeilen: werte.length, spalten: werte[0].length })].slice(1);
  const besetzt = ([z, s]) => {
    const da = ort.blatt.finde(z, s);
    return da && (da.formel || da.wert !== "");
  };
  if (ziele.some(besetzt)) {
    Object.assign(zelle, { wert: "#SPILL!", fehler: "Spill range isn't blank" });
    return;
  }
  zeigen(zelle, werte[0][0]);
  for (const [z, s] of ziele) {
    const da = ort.blatt.hole(z, s);
    da.anker = zelle;
    zeigen(da, werte[z - ort.z][s - ort.s]);
  }
  zelle.ueberlauf = ziele;
  for (const [z, s] of ziele) geaendert({ ...ort, z, s, ergebnis: true });
}

function zeigen(zelle, wert) {
  if (wert && typeof wert === "object") {
    if (wert.type === "Error") Object.assign(zelle, { wert: wert.basicValue || "#VALUE!", fehler: wert.errorType });
    else Object.assign(zelle, { wert: wert.basicValue, format: wert.numberFormat || zelle.format });
  } else zelle.wert = wert ?? "";
}

class NichtGerechnet extends Error {}

async function werte_aus(baum, ort) {
  if ("wert" in baum) return baum.wert;
  if (baum.fehlt) return null;
  if (baum.ort) {
    const ziel = ziel_von(MODELL.mappe, ort.blatt, baum.ort);
    if (!ziel) throw new Zellfehler("#NAME?", "#NAME?");
    return fuer_funktion(ziel);
  }
  const [erster, ...andere] = baum.teile;
  if (baum.name === "IFERROR") return werte_aus(erster, ort).catch(() => werte_aus(andere[0], ort));
  if (baum.name === "IF") {
    const zweig = andere[eins(await werte_aus(erster, ort)) ? 0 : 1];
    return zweig ? werte_aus(zweig, ort) : false;
  }
  const teile = [];
  for (const t of baum.teile) teile.push(await werte_aus(t, ort));
  if (baum.op) return verknuepfe(baum.op, teile);
  if (EINGEBAUT[baum.name]) return EINGEBAUT[baum.name](...teile);
  const js = funktionen.get(baum.name);
  if (!js && AUFRUF.test(`${baum.name}(`)) throw new Zellfehler("#NAME?", "#NAME?");
  if (!js) throw new NichtGerechnet(baum.name);
  // Every argument of these functions is a range in the metadata: a single value comes as one row of one cell.
  const argumente = teile.map((t) => (Array.isArray(t) || t === null ? t : [[t]]));
  const address = mit_blatt(ort.blatt.name, adresse_schreiben(ort));
  return js(...argumente, { address, functionName: baum.name });
}
