// What came out last: sentences, figures and a workbook to open. It stays on top until it is closed.
import { krs } from "./zustand.js";
import { ladeHerunter } from "./dateien.js";
import { oeffneMappe } from "./excel.js";
import { LADEN_GEHT_NICHT } from "./texte.js";

export const ergebnis = {
  titel: "",
  saetze: [],
  zahlen: [],
  mappe: null,
  schlecht: false,
  nummer: 0,
  laeuft: false,
  mitTafel: false,
  mitBefunden: false,

  get sichtbar() {
    return this.titel !== "";
  },

  /** Board and Befunde have their own figures; there the outcome would only take their room. */
  hier(bereich) {
    return bereich === "eingang" || bereich === "befehle";
  },

  /** Show an outcome; a board that comes along fills the board and the Befunde. */
  zeige({ titel, saetze = [], hat_fehler: schlecht = false, tafel = null, mappe = null }) {
    const nummer = this.nummer + 1;
    // A workbook may be megabytes: frozen, so that nothing watches it.
    const fest = mappe ?? tafel?.master ?? null;
    Object.assign(this, {
      titel,
      schlecht,
      nummer,
      mitTafel: Boolean(tafel?.tafel?.length),
      mitBefunden: Boolean(tafel?.befunde?.length),
      saetze: saetze.length ? saetze : (tafel?.saetze ?? []),
      zahlen: tafel?.zahlen ?? [],
      mappe: fest && Object.freeze(fest),
    });
    if (tafel) krs().setzeTafel(tafel);
    krs().fokus("ergebnis");
  },

  get knopf() {
    if (!this.mappe) return "";
    return this.mappe.name.startsWith("Master") ? "Master öffnen" : `«${this.mappe.name}» öffnen`;
  },

  async oeffne() {
    if (this.laeuft || !this.mappe) return;
    this.laeuft = true;
    try {
      const { name, base64 } = this.mappe;
      if (!(await oeffneMappe(name, base64))) krs().meldung.zeige(LADEN_GEHT_NICHT);
    } finally {
      this.laeuft = false;
    }
  },

  lade() {
    ladeHerunter(this.mappe.name, this.mappe.base64);
  },

  schliesse() {
    Object.assign(this, { titel: "", saetze: [], zahlen: [], mappe: null });
  },
};

/** Callback of xlwings at the end of every macro. What was written must have arrived before success is told. */
export async function krsErgebnis(context, text) {
  await context.sync();
  krs().ergebnis.zeige(JSON.parse(Array.isArray(text) ? text[0] : text));
}
