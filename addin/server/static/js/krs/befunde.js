// Befunde, grouped by municipality and form; from each a way to its cell, its rule and its file.
import { krs } from "./zustand.js";
import { alsBase64 } from "./dateien.js";
import { oeffneMappe, springe } from "./excel.js";
import { hole, holeDatei } from "./netz.js";
import { Hinweis, LADEN_GEHT_NICHT, MAPPE_ZU, NICHT_DA, OFFEN, STUFEN, anzahl, zuExcel } from "./texte.js";

const rang = (b) => (b.erledigt ? STUFEN.length : 0) + STUFEN.indexOf(b.stufe);

function befund(roh, nummer) {
  const ort = roh.zelle ? `${roh.blatt}!${roh.zelle}` : "ganze Datei";
  // The message names its place first; that part becomes the link.
  const text = roh.meldung.startsWith(`${ort}: `) ? roh.meldung.slice(ort.length + 2) : roh.meldung;
  const gruppe = [roh.gemeinde || roh.datei, roh.formular, roh.periode].join("|");
  return Object.freeze({ ...roh, nummer, ort, text, gruppe, zeichen: ["schwer", "mittel", "leicht"][STUFEN.indexOf(roh.stufe)] });
}

function gruppiere(liste) {
  const gruppen = new Map();
  for (const b of liste) {
    if (!gruppen.has(b.gruppe)) gruppen.set(b.gruppe, []);
    gruppen.get(b.gruppe).push(b);
  }
  return [...gruppen].map(([schluessel, alle]) => {
    const befunde = alle.sort((a, b) => rang(a) - rang(b));
    const [erster] = befunde;
    return Object.freeze({
      schluessel,
      befunde: Object.freeze(befunde),
      titel: erster.gemeinde || erster.datei,
      form: [erster.formular, erster.periode].filter(Boolean).join(", "),
      zaehlung: STUFEN.map((stufe) => [stufe, befunde.filter((b) => b.stufe === stufe && !b.erledigt).length])
        .filter(([, zahl]) => zahl)
        .map(([stufe, zahl]) => (stufe === "Fehler" ? `${zahl} Fehler` : anzahl(zahl, stufe, stufe === "Hinweis" ? "Hinweise" : "Rückfragen")))
        .join(", ") || "erledigt",
      zeichen: befunde[0].erledigt ? "gut" : befunde[0].zeichen,
      rang: rang(befunde[0]),
    });
  });
}

export const befunde = {
  liste: [],
  gruppen: [],
  chips: [],
  stufe: "",
  nur: null,
  quelle: "",
  offen: {},
  hinweise: {},
  regeln: {},
  laeuft: false,

  get ansage() {
    const zahl = this.gruppen.reduce((summe, g) => summe + g.befunde.length, 0);
    if (!this.quelle) return "";
    return zahl ? anzahl(zahl, "Befund", "Befunde") : "Kein Befund.";
  },

  get fremd() {
    return krs()?.tafel.geladen && this.quelle !== "" && this.quelle !== "Tafel";
  },

  setze(roh, quelle) {
    Object.assign(this, { liste: Object.freeze(roh.map(befund)), quelle, nur: null, stufe: "", offen: {}, hinweise: {} });
    this.filtere();
  },

  filtere() {
    const sichtbar = this.nur ? this.liste.filter((b) => this.gehoert(b, this.nur)) : this.liste;
    const zahl = (stufe) => sichtbar.filter((b) => b.stufe === stufe).length;
    this.chips = [
      { stufe: "", text: "alle", zahl: sichtbar.length },
      ...STUFEN.map((stufe) => ({ stufe, text: stufe, zahl: zahl(stufe) })).filter((c) => c.zahl),
    ];
    const gruppen = gruppiere(sichtbar.filter((b) => !this.stufe || b.stufe === this.stufe));
    this.gruppen = Object.freeze(gruppen.sort((a, b) => a.rang - b.rang));
    // A single group needs no click to be read.
    if (gruppen.length === 1) this.offen = { [gruppen[0].schluessel]: true };
  },

  gehoert(b, z) {
    if (b.sha256 && z.sha256) return b.sha256 === z.sha256;
    if (b.datei && z.datei) return b.datei === z.datei;
    return b.bfs_nr === z.bfs_nr && b.formular === z.formular && b.periode === z.periode;
  },

  waehle(stufe) {
    this.stufe = stufe;
    this.filtere();
  },

  zeigeZeile(z) {
    this.setze(krs().tafel.befunde, "Tafel");
    this.nur = z;
    this.filtere();
    krs().wechsle("befunde");
    krs().fokus("befunde-titel");
  },

  zeigeTafel() {
    this.setze(krs().tafel.befunde, "Tafel");
  },

  alle() {
    this.nur = null;
    this.offen = {};
    this.filtere();
    krs().fokus("befunde-titel");
  },

  schalte(gruppe) {
    this.offen[gruppe.schluessel] = !this.offen[gruppe.schluessel];
  },

  async springe(b) {
    delete this.hinweise[b.nummer];
    try {
      await springe(b);
    } catch (fehler) {
      const satz = zuExcel(fehler);
      this.hinweise[b.nummer] = { satz, oeffnen: satz === MAPPE_ZU && Boolean(b.datei) };
    }
  },

  /** Open the submission of a Befund: the dropped file, else the one in the Archiv. */
  async oeffne(b) {
    if (this.laeuft) return;
    this.laeuft = true;
    try {
      let datei = await krs().eingang.suche(b);
      if (!datei && b.sha256 && krs().anmeldung.ablage) {
        datei = await holeDatei(`/krs/einreichung/${encodeURIComponent(b.sha256)}`);
      }
      if (!datei) throw new Hinweis(NICHT_DA);
      const name = b.datei.split(/[\\/]/).pop();
      const satz = (await oeffneMappe(name, await alsBase64(datei))) ? OFFEN : LADEN_GEHT_NICHT;
      this.hinweise[b.nummer] = { satz, oeffnen: false };
    } catch (fehler) {
      if (fehler instanceof Hinweis) this.hinweise[b.nummer] = { satz: fehler.message, oeffnen: true };
      else krs().meldung.zeigeFehler(fehler);
    } finally {
      this.laeuft = false;
    }
  },

  async erklaere(b) {
    if (this.regeln[b.nummer]) {
      delete this.regeln[b.nummer];
      return;
    }
    try {
      const { text } = await hole(`/krs/regel/${encodeURIComponent(b.code)}`);
      // Laid out for a terminal: here lines break by themselves.
      this.regeln[b.nummer] = text.replace(/\n +/g, " ").replace(/: {2,}/g, ": ").replace(/\n{2,}/g, "\n");
    } catch (fehler) {
      krs().meldung.zeigeFehler(fehler, () => this.erklaere(b));
    }
  },

  leere() {
    Object.assign(this, { liste: [], gruppen: [], chips: [], nur: null, quelle: "", offen: {}, hinweise: {}, regeln: {} });
  },
};
