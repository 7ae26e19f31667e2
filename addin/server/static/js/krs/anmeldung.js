// Who is signed on, and the state of the server. Signing on again loses nothing: the rest of the page stays as it is.
import { krs } from "./zustand.js";
import { hole, holeOffen } from "./netz.js";
import { ABGELAUFEN, CODE_FALSCH, ENTRA } from "./texte.js";

export const anmeldung = {
  art: "",
  ablage: false,
  version: "",
  visum: "",
  rollen: [],
  code: "",
  noetig: false,
  laeuft: false,
  bereit: false,

  get mitCode() {
    return this.noetig && this.art === "token";
  },

  get mitEntra() {
    return this.noetig && this.art === "entra";
  },

  get stand() {
    if (!this.bereit) return "Verbindung wird aufgebaut …";
    return this.ablage ? "Mit Ablage" : "Ohne Ablage: der Server behält nichts";
  },

  get person() {
    if (!this.bereit || this.noetig) return "";
    return this.visum ? `Angemeldet: ${this.visum}` : "Ohne Anmeldung";
  },

  get abmeldbar() {
    return this.art === "token" && Boolean(this.visum);
  },

  /** Ask the server who it is; on success, who we are. */
  async beginne() {
    try {
      const { anmeldung: art, ablage, version } = await holeOffen("/bereit");
      Object.assign(this, { art, ablage, version, bereit: true });
      globalThis.krsAnmeldung.setzeArt(art);
    } catch (fehler) {
      // Functions in cells must not wait for ever; without an answer they fail on their own call.
      globalThis.krsAnmeldung.setzeArt(this.art || "keine");
      krs().meldung.zeigeFehler(fehler, () => this.beginne());
      return;
    }
    await this.wer(false);
  },

  /** Find out who is signed on. `streng`: a refusal is told, since somebody just tried. */
  async wer(streng) {
    const ausweis = await globalThis.getAuth();
    if (this.art !== "keine" && !ausweis.token) {
      Object.assign(this, { noetig: true, visum: "", rollen: [] });
      if (streng) krs().meldung.zeige(this.art === "entra" ? ENTRA : CODE_FALSCH);
      return;
    }
    try {
      const { visum, rollen } = await hole("/krs/ich");
      Object.assign(this, { visum: visum ?? "", rollen: rollen ?? [], noetig: false });
      krs().meldung.weg();
      krs().tafel.ladeErstmals();
    } catch (fehler) {
      if (fehler.art !== "anmeldung") {
        krs().meldung.zeigeFehler(fehler, () => this.wer(streng));
        return;
      }
      globalThis.krsAnmeldung.merke("");
      Object.assign(this, { noetig: this.art !== "keine", visum: "", rollen: [] });
      krs().meldung.zeige(streng && this.art === "token" ? CODE_FALSCH : ABGELAUFEN);
    }
  },

  /** Sign on with what was typed (token) or through Office (entra). */
  async melde() {
    if (this.laeuft) return;
    this.laeuft = true;
    krs().meldung.weg();
    try {
      if (this.art === "token") globalThis.krsAnmeldung.merke(this.code.trim().replace(/^Bearer\s+/i, ""));
      await this.wer(true);
      if (!this.noetig) this.code = "";
    } finally {
      this.laeuft = false;
    }
  },

  meldeAb() {
    globalThis.krsAnmeldung.merke("");
    Object.assign(this, { visum: "", rollen: [], noetig: true });
    krs().leere();
    this.zurAnmeldung();
  },

  /**
   * A request came back with 401: show the form. Nothing is sent again by itself afterwards: somebody else may sign on,
   * and a release needs a second person.
   */
  verlange() {
    Object.assign(this, { noetig: true, visum: "" });
    krs().meldung.zeige(ABGELAUFEN, "anmelden");
  },

  zurAnmeldung() {
    if (this.art === "keine") return this.beginne();
    return krs().fokus(this.art === "token" ? "zugangscode" : "anmelden-entra");
  },
};
