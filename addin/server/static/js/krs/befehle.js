// The macros: one form each, one request each. What they do stands in Python; here they are only called.
import { krs, datenblock } from "./zustand.js";
import { Netzfehler } from "./netz.js";
import { rufeMakro } from "./excel.js";
import { KEIN_ERGEBNIS, UNKLAR, rueckfrage } from "./texte.js";

const makros = new Map(datenblock("krs-makros", []).map((m) => [m.name, Object.freeze(m)]));

const leereWerte = () =>
  Object.fromEntries(
    [...makros.values()].map((m) => [m.name, Object.fromEntries(m.felder.map((f) => [f.schluessel, f.vorgabe ?? ""]))]),
  );

export const befehle = {
  offen: "",
  laeuft: "",
  frage: "",
  werte: leereWerte(),
  maengel: {},
  ansage: "",

  /** Why a macro cannot run here; empty if it can. */
  grund(name) {
    const { anmeldung } = krs() ?? {};
    const makro = makros.get(name);
    if (!anmeldung?.bereit) return "";
    if (makro.braucht_ablage && !anmeldung.ablage) return "Braucht eine Ablage; dieser Server hat keine.";
    if (makro.rolle && anmeldung.visum && !anmeldung.rollen.includes(makro.rolle)) return `Braucht die Rolle ${makro.rolle}.`;
    return "";
  },

  gesperrt(name) {
    return this.laeuft !== "" || this.grund(name) !== "" || (krs()?.anmeldung.noetig ?? true);
  },

  schalte(name) {
    Object.assign(this, { offen: this.offen === name ? "" : name, frage: "", maengel: {} });
  },

  /** Open the form of a macro, from the ribbon. A macro that asks for nothing (a day at most) runs at once. */
  async vomBand(name) {
    const makro = makros.get(name);
    const { anmeldung } = krs();
    if (makro.name === "konsolidieren" && !anmeldung.ablage) {
      krs().wechsle("eingang");
      krs().fokus("dateiwahl");
      return;
    }
    krs().wechsle("befehle");
    Object.assign(this, { offen: name, frage: "", maengel: {} });
    krs().fokus(anmeldung.mitCode ? "zugangscode" : `makro-${name}`);
    const sofort = makro.felder.every((f) => f.art === "datum" && !f.pflicht) && !rueckfrage(name, {});
    if (sofort && !this.gesperrt(name)) await this.fuehreAus(name);
  },

  /** «Ausführen»: look for missing entries, ask once more where it matters, then run. */
  async starte(name) {
    if (this.gesperrt(name)) return;
    const werte = this.werte[name];
    const leer = makros.get(name).felder.filter((f) => f.pflicht && !String(werte[f.schluessel] ?? "").trim());
    this.maengel = Object.fromEntries(leer.map((f) => [f.schluessel, `Füllen Sie «${f.text}» aus.`]));
    if (leer.length) {
      krs().fokus(`feld-${name}-${leer[0].schluessel}`);
      return;
    }
    this.frage = rueckfrage(name, werte);
    if (this.frage) krs().fokus(`frage-${name}`);
    else await this.fuehreAus(name);
  },

  async bestaetige(name) {
    this.frage = "";
    // The pressed button disappears with the question.
    krs().fokus(`makro-${name}`);
    await this.fuehreAus(name);
  },

  lasse(name) {
    this.frage = "";
    krs().fokus(`start-${name}`);
  },

  async fuehreAus(name) {
    if (this.gesperrt(name)) return;
    // Set before the first await: a second click finds the door closed.
    Object.assign(this, { laeuft: name, ansage: "Der Befehl läuft …" });
    krs().meldung.weg();
    krs().ergebnis.schliesse();
    const vorher = krs().ergebnis.nummer;
    try {
      await rufeMakro(name, this.angaben(name));
      this.ansage = "Fertig.";
      if (krs().ergebnis.nummer === vorher) krs().meldung.zeige(KEIN_ERGEBNIS);
    } catch (fehler) {
      this.ansage = "Der Befehl ist nicht fertig geworden.";
      // A button that was locked meanwhile has lost the focus.
      krs().fokus(krs().bereich === "eingang" ? "offene-pruefen" : `start-${name}`);
      this.melde(name, fehler);
    } finally {
      this.laeuft = "";
    }
  },

  // A release whose answer got lost may have happened: no button that would simply repeat it.
  melde(name, fehler) {
    const verloren = fehler instanceof Netzfehler && (fehler.art === "netz" || fehler.art === "zeit");
    if (verloren && rueckfrage(name, {})) krs().meldung.zeige(UNKLAR);
    else krs().meldung.zeigeFehler(fehler, () => this.fuehreAus(name));
  },

  angaben(name) {
    const paare = Object.entries(this.werte[name]).map(([schluessel, wert]) => [schluessel, String(wert ?? "").trim()]);
    return Object.fromEntries(paare.filter(([, wert]) => wert));
  },

  leere() {
    Object.assign(this, { offen: "", frage: "", maengel: {}, werte: leereWerte() });
  },
};
